namespace PretrainBench.Analysis.Comparison;

/// <summary>One run's resolved settings.</summary>
/// <param name="Optimizer">Its optimizer's name in the table.</param>
/// <param name="Cell">What the runs of different optimizers that are compared with each other share: size, tokens,
/// seed.</param>
/// <param name="Values">Every setting by its key, such as <c>schedule.warmup_fraction</c>; what comes with the
/// optimizer begins with <c>optimizer.</c>.</param>
public sealed record RunSettings(string Optimizer, string Cell, IReadOnlyDictionary<string, string> Values);

/// <summary>Sorts resolved settings into what was held fixed, what varied from cell to cell for all alike, and what
/// differs between optimizers.</summary>
public static class SettingsComparison
{
    /// <summary>Keys of the optimizer's own settings begin with this.</summary>
    public const string OptimizerPrefix = "optimizer.";

    private const int ValuesShown = 6;
    private const string NameKey = OptimizerPrefix + "name";

    // Where a run was computed, how often it was looked at and saved: it should not change the loss, but may.
    private static readonly string[] Circumstances = ["execution.", "checkpoint.", "evaluation.", "version."];

    /// <summary>Compares the settings of runs within cells that several optimizers have; over all runs where there is
    /// no such cell.</summary>
    /// <returns>The settings, without the optimizers' rules.</returns>
    public static ReportSettings Compare(IReadOnlyList<RunSettings> runs)
    {
        var cells = runs.GroupBy(run => run.Cell).Where(cell => cell.DistinctBy(run => run.Optimizer).Count() > 1)
            .Select(cell => cell.ToList()).ToList();
        if (cells.Count == 0) cells.Add([.. runs]);
        List<NamedValue> fixedSettings = [], byCell = [];
        List<SettingDifference> differences = [];
        foreach (var name in runs.SelectMany(run => run.Values.Keys).Distinct().Where(name => name != NameKey)
                .Order(StringComparer.Ordinal))
        {
            var values = Shown(runs, name);
            if (runs.Select(run => run.Values.GetValueOrDefault(name)).Distinct().Count() == 1)
                fixedSettings.Add(new(name, values));
            else if (cells.All(cell => IsShared(cell, name)))
                byCell.Add(new(name, values));
            else differences.Add(
                new(name, [.. runs.GroupBy(run => run.Optimizer).OrderBy(own => own.Key, StringComparer.Ordinal)
                    .Select(own => new NamedValue(own.Key, Shown(own, name)))]));
        }
        return new() { HeldFixed = fixedSettings, ByCell = byCell, Differences = differences };
    }

    /// <summary>Names what differs between optimizers and is not the optimizer's own.</summary>
    /// <returns>Unfair where it bears on the loss by itself, else a warning.</returns>
    public static IReadOnlyList<Finding> Findings(ReportSettings settings)
        => [.. settings.Differences
            .Where(difference => !difference.Name.StartsWith(OptimizerPrefix, StringComparison.Ordinal))
            .Select(difference =>
            {
                var circumstance =
                    Circumstances.Any(prefix => difference.Name.StartsWith(prefix, StringComparison.Ordinal));
                var values = string.Join(", ",
                    difference.Values.Select(
                        value => $"{value.Name} {(value.Value.Length > 0 ? value.Value : "none")}"));
                return circumstance
                    ? new Finding(Severity.Warning, "circumstances-differ",
                        $"{difference.Name} differs between optimizers ({values}); it should not change losses.")
                    : new Finding(Severity.Unfair, "settings-differ",
                        $"{difference.Name} differs between optimizers though it is not theirs: {values}.");
            })];

    private static bool IsShared(IEnumerable<RunSettings> cell, string name)
        => cell.GroupBy(run => run.Optimizer).Select(own => Key(own, name)).Distinct().Count() == 1;

    private static string Key(IEnumerable<RunSettings> runs, string name)
        => string.Join('\0',
            runs.Select(run => run.Values.GetValueOrDefault(name, "")).Distinct().Order(StringComparer.Ordinal));

    private static string Shown(IEnumerable<RunSettings> runs, string name)
    {
        var values = runs.Select(run => run.Values.GetValueOrDefault(name)).OfType<string>().Distinct().ToList();
        return string.Join(", ", values.Take(ValuesShown))
            + (values.Count > ValuesShown ? $" and {values.Count - ValuesShown} more" : "");
    }
}

/// <summary>Which rule an optimizer applies to parameters of one role.</summary>
/// <param name="Role">The role: embedding, hidden matrix, head, norm, bias.</param>
/// <param name="Rule">The rule with its settings, such as <c>muon, lr 0.02</c>.</param>
public sealed record RoleRule(string Role, string Rule);

/// <summary>What an optimizer of the report stands for, role by role.</summary>
/// <param name="Optimizer">The optimizer's name in the table.</param>
/// <param name="Rules">One entry for each role.</param>
public sealed record OptimizerSettings(string Optimizer, IReadOnlyList<RoleRule> Rules);

/// <summary>A setting of the runs.</summary>
public sealed record NamedValue(string Name, string Value);

/// <summary>A setting that differs between optimizers.</summary>
/// <param name="Values">Each optimizer's value; empty where it has no such setting.</param>
public sealed record SettingDifference(string Name, IReadOnlyList<NamedValue> Values);

/// <summary>The resolved settings behind the runs.</summary>
public sealed record ReportSettings
{
    /// <summary>What each optimizer does to which parameters.</summary>
    public IReadOnlyList<OptimizerSettings> Optimizers { get; init; } = [];

    /// <summary>What was the same in every run.</summary>
    public IReadOnlyList<NamedValue> HeldFixed { get; init; } = [];

    /// <summary>What varied from cell to cell, for every optimizer alike.</summary>
    public IReadOnlyList<NamedValue> ByCell { get; init; } = [];

    /// <summary>What differed between optimizers, besides the optimizer.</summary>
    public IReadOnlyList<SettingDifference> Differences { get; init; } = [];
}
