using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Optimizers;

/// <summary>All that can be set about a rule, from the record of its options.</summary>
public static class RuleSheet
{
    /// <summary>A configuration file with every setting at its default, each below what it means and where the default
    /// comes from.</summary>
    public static string Of(RegisteredRule rule)
    {
        var roles = OptimizerConfig.Default(rule.Name).Resolve(Enum.GetValues<ParameterRole>()).Select(group =>
            $"  {string.Join(", ", group.Roles.Select(role => SnakeCase.From(role)))}: "
            + $"{RuleRegistry.NameOf(group.Options)}, learning_rate {group.Options.LearningRate.Rounded(4)}, "
            + $"weight_decay {group.Options.WeightDecay.Rounded(4)}");
        return ExplainedKey.Comment($"{rule.Name}: {rule.Summary}.")
            + ExplainedKey.Comment($"Defaults: {KeyMeaning.OfDefaults(rule.OptionsType)}.")
            + $"name: {rule.Name}\n"
            + ExplainedKey.ToYaml(ExplainedKey.Of(rule.Defaults()))
            + ExplainedKey.Comment("Who updates what, where `groups` does not say otherwise:")
            + string.Concat(roles.Select(role => ExplainedKey.Comment(role, hanging: "    ")));
    }
}
