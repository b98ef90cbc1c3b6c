using System.Globalization;
using PretrainBench.Analysis.Comparison;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Planning;
using PretrainBench.Optimizers;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Results;

namespace PretrainBench.Studies;

/// <summary>Resolved run configurations as a report compares them.</summary>
internal static class ResolvedSettings
{
    /// <summary>Every setting of a run, defaults included, with the data and the versions that it met.</summary>
    public static RunSettings Of(PlannedRun run, RunConfig config, RunResult result)
    {
        var values = new Dictionary<string, string>();
        Flatten("", ConfigWriter.ToTree(config), values);
        values["data.hash"] = result.Data.DataHash[..12];
        values["tokenizer.hash"] = result.Data.TokenizerHash[..12];
        foreach (var version in result.Versions) values["version." + version.Key] = version.Value;
        values["version.threads"] = $"{result.Threads}";
        var cell = run.Cell with { Optimizer = "", LearningRate = null };
        return new(run.Cell.Optimizer, cell.ToString(), values);
    }

    /// <summary>Which rule serves each role, with the learning rates and weight decays of an optimizer's
    /// runs.</summary>
    public static IReadOnlyList<RoleRule> Rules(IReadOnlyList<RunConfig> configs)
        => [.. configs.SelectMany(Groups).GroupBy(entry => entry.Role).OrderBy(role => role.Key)
            .Select(role => new RoleRule(
            SnakeCase.From(role.Key).Replace('_', ' '),
            $"{string.Join(", ", role.Select(entry => RuleRegistry.NameOf(entry.Options)).Distinct())}, learning rate "
            + $"{Range(role.Select(entry => entry.Options.LearningRate))}, weight decay "
            + $"{Range(role.Select(entry => entry.Options.WeightDecay))}"))];

    private static IEnumerable<(ParameterRole Role, RuleOptions Options)> Groups(RunConfig config)
    {
        ParameterRole[] present = config.Model.TiedEmbeddings
            ? [ParameterRole.Embedding, ParameterRole.HiddenMatrix, ParameterRole.Norm]
            : [ParameterRole.Embedding, ParameterRole.HiddenMatrix, ParameterRole.Head, ParameterRole.Norm];
        return config.Optimizer.Resolve(present).SelectMany(group => group.Roles.Select(role => (role, group.Options)));
    }

    private static string Range(IEnumerable<double> values)
    {
        var (low, high) = (values.Min(), values.Max());
        return low == high ? low.Rounded(4) : $"{low.Rounded(4)} to {high.Rounded(4)}";
    }

    private static void Flatten(string path, ConfigNode node, Dictionary<string, string> values)
    {
        if (node is ConfigMapping { Keys.Count: > 0 } mapping)
            foreach (var key in mapping.Keys) Flatten(path.Length > 0 ? $"{path}.{key}" : key, mapping[key]!, values);
        else values[path] = Text(node);
    }

    private static string Text(ConfigNode node) => node switch
    {
        ConfigMapping mapping =>
            $"{{{string.Join(", ", mapping.Keys.Select(key => $"{key}: {Text(mapping[key]!)}"))}}}",
        ConfigSequence list => $"[{string.Join(", ", list.Items.Select(Text))}]",
        ConfigScalar { IsText: false } scalar when scalar.Text.Contains("E-", StringComparison.Ordinal)
            && double.TryParse(scalar.Text, CultureInfo.InvariantCulture, out var number) => number.Exact(),
        ConfigScalar scalar => scalar.Text,
        _ => throw new ArgumentOutOfRangeException(nameof(node)),
    };
}
