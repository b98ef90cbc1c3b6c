namespace PretrainBench.Analysis.Comparison;

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
