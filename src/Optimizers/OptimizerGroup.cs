using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Optimizers;

/// <summary>What a configuration says about some roles: another rule, or other settings of the main one. In YAML:
/// <c>{roles: [embedding, head], rule: adamw, learning_rate_ratio: 0.15, betas…}</c>.</summary>
public sealed record OptimizerGroup : IValidated
{
    public IReadOnlyList<ParameterRole> Roles { get; init; } = [];

    /// <summary>The rule's name; null for the main rule.</summary>
    public string? Rule { get; init; }

    /// <summary>The group's learning rate as a multiple of the main one, so that tuning moves both; null when
    /// <see cref="Settings"/> has a learning rate or the default holds.</summary>
    public double? LearningRateRatio { get; init; }

    /// <summary>The settings as written; they go over the main rule's, or over another rule's defaults.</summary>
    [OtherKeys]
    public ConfigMapping Settings { get; init; } = new("defaults");

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Roles.Count == 0)
            yield return (nameof(Roles),
                "`roles` is required and missing: which of embedding, hidden_matrix, head, norm, bias");
        if (Rule is not null && RuleRegistry.Find(Rule) is null)
            yield return (nameof(Rule), RuleRegistry.Unknown(Rule));
        if (LearningRateRatio is not null && Settings["learning_rate"] is not null)
            yield return (nameof(LearningRateRatio), "give either learning_rate or learning_rate_ratio");
    }
}
