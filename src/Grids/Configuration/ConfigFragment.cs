using PretrainBench.Core.Configuration;

namespace PretrainBench.Grids.Configuration;

/// <summary>A part of a run's configuration inside a grid file, kept as it was written until a cell is made of it.</summary>
/// <param name="Node">The keys, or a single word.</param>
public sealed record ConfigFragment(ConfigNode Node) : IConfigParsable<ConfigFragment>
{
    /// <inheritdoc/>
    public static ConfigFragment FromConfig(ConfigNode node, string path, ConfigErrors errors) => new(node);

    /// <inheritdoc/>
    public object ToConfig() => Plain(Node);

    /// <summary>A copy of a mapping that can be changed without changing the original.</summary>
    /// <param name="mapping">The original.</param>
    internal static ConfigMapping Copy(ConfigMapping mapping)
    {
        var copy = new ConfigMapping(mapping.Origin);
        foreach (var key in mapping.Keys)
            copy[key] = mapping[key] is ConfigMapping inner ? Copy(inner) : mapping[key]!;
        return copy;
    }

    /// <summary>Lays one mapping over another, key by key; values of <paramref name="over"/> win.</summary>
    /// <param name="under">Changed in place.</param>
    /// <param name="over">What is laid over it.</param>
    internal static void Lay(ConfigMapping under, ConfigMapping over)
    {
        foreach (var key in over.Keys)
        {
            if (over[key] is ConfigMapping inner && under[key] is ConfigMapping target) Lay(target, inner);
            else under[key] = over[key] is ConfigMapping fresh ? Copy(fresh) : over[key]!;
        }
    }

    private static object Plain(ConfigNode node) => node switch
    {
        ConfigMapping mapping => mapping.Keys.ToDictionary(key => key, key => Plain(mapping[key]!)),
        ConfigSequence sequence => sequence.Items.Select(Plain).ToList(),
        ConfigScalar scalar => scalar.Text,
        _ => throw new InvalidOperationException($"a configuration holds no {node.GetType().Name}"),
    };
}
