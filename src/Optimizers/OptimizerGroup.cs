using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Optimizers;

/// <summary>
/// What a configuration says about some roles: another rule, or other settings of the main one. In YAML:
/// <c>{roles: [embedding, head], rule: adamw, learning_rate_ratio: 0.15, betas…}</c>.
/// </summary>
public sealed record OptimizerGroup
{
    internal const string RolesKey = "roles";
    internal const string RuleKey = "rule";
    internal const string RatioKey = "learning_rate_ratio";

    /// <summary>The roles that the group is about.</summary>
    public required IReadOnlyList<ParameterRole> Roles { get; init; }

    /// <summary>The rule's name; null for the main rule.</summary>
    public string? Rule { get; init; }

    /// <summary>The group's learning rate as a multiple of the main one, so that tuning moves both; null when <see cref="Settings"/> has a learning rate or the default holds.</summary>
    public double? LearningRateRatio { get; init; }

    /// <summary>The settings as written; they go over the main rule's when the rule is the same, else over the rule's defaults.</summary>
    public ConfigMapping Settings { get; init; } = new("defaults");

    internal static OptimizerGroup? FromConfig(ConfigNode node, string path, ConfigErrors errors)
    {
        if (node is not ConfigMapping mapping)
        {
            errors.Add(node.Origin, path, "expected `roles:` and settings");
            return null;
        }
        var settings = mapping.Copy();
        var roles = settings.Remove(RolesKey);
        var rule = settings.Remove(RuleKey);
        var ratio = settings.Remove(RatioKey);
        if (roles is null) errors.Add(node.Origin, path, "`roles` is required and missing: which of embedding, hidden_matrix, head, norm, bias");
        if (ratio is not null && settings["learning_rate"] is not null)
            errors.Add(ratio.Origin, $"{path}.{RatioKey}", "give either learning_rate or learning_rate_ratio");
        var name = rule is null ? null : (string?)ConfigBinder.Bind(typeof(string), rule, $"{path}.{RuleKey}", errors);
        return new OptimizerGroup
        {
            Roles = roles is null ? []
                : (IReadOnlyList<ParameterRole>?)ConfigBinder.Bind(typeof(IReadOnlyList<ParameterRole>), roles, $"{path}.{RolesKey}", errors) ?? [],
            Rule = name,
            LearningRateRatio = ratio is null ? null : (double?)ConfigBinder.Bind(typeof(double), ratio, $"{path}.{RatioKey}", errors),
            Settings = settings,
        };
    }

    internal Dictionary<string, object?> ToConfig()
    {
        var config = new Dictionary<string, object?> { [RolesKey] = Roles, [RuleKey] = Rule, [RatioKey] = LearningRateRatio };
        foreach (var key in Settings.Keys) config[key] = ConfigNodes.ToValue(Settings[key]!);
        return config;
    }
}
