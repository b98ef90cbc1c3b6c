using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>Which parameters a rule can update together, with the same result up to rounding. One by one, small
/// parameters leave a GPU idle and pay for every call.</summary>
public enum Bundling
{
    /// <summary>Each by itself.</summary>
    None,

    /// <summary>Every number by itself: parameters of one role form one vector.</summary>
    Elementwise,

    /// <summary>Matrix by matrix: those of one shape form a stack [K, rows, columns], and the rule works on the last
    /// two dimensions.</summary>
    SameShape,
}

/// <summary>Puts parameters together into slots.</summary>
internal static class Bundles
{
    // Numbers in a bundle beyond which a GPU is busy anyway and memory begins to matter (256 MB in float32).
    private const long LargestBundle = 1 << 26;

    /// <summary>The parameters of each slot, in the order of the first of them.</summary>
    public static IEnumerable<(IReadOnlyList<ModelParameter<Tensor>> Members, Bundling Bundling)> Of(
        IReadOnlyList<ModelParameter<Tensor>> parameters, RuleOptions options)
        => parameters.Index().GroupBy(parameter => Key(parameter.Item, parameter.Index, options))
            .SelectMany(alike => alike.Select(parameter => parameter.Item)
                .Chunk((int)Math.Max(1, LargestBundle / Math.Max(1, alike.First().Item.Value.numel()))))
            .Select(members => ((IReadOnlyList<ModelParameter<Tensor>>)members,
                members.Length == 1 ? Bundling.None : options.Bundling));

    // Parameters with equal keys go together.
    private static string Key(ModelParameter<Tensor> parameter, int index, RuleOptions options)
    {
        var value = parameter.Value;
        var isBundled = value.numel() > 0 && (options.Bundled ?? options.IsFasterBundled(value));
        var kind = $"{parameter.Role} {value.dtype} {value.device}";
        return options.Bundling switch
        {
            Bundling.Elementwise when isBundled => kind,
            Bundling.SameShape when isBundled && value.Dimensions == 2
                => $"{kind} {string.Join('x', value.shape)} {parameter.RowBlocks} {parameter.RowsPerHead}",
            _ => $"{index}",
        };
    }
}
