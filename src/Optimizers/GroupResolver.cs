using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Optimizers;

/// <summary>
/// Finds each role's settings. What a group writes wins; below it are the rule's own defaults for the role
/// (<see cref="RuleOptions.ForRole"/>), and below these the main settings or, under another rule, that rule's defaults.
/// </summary>
internal static class GroupResolver
{
    /// <summary>The rule of last resort: it serves every role.</summary>
    private const string CompanionName = "adamw";

    private const string LearningRateKey = "learning_rate";

    public static IReadOnlyList<ResolvedGroup> Resolve(OptimizerConfig config, IReadOnlyCollection<ParameterRole> present)
    {
        var errors = new ConfigErrors();
        var tied = !present.Contains(ParameterRole.Head);
        var resolved = Enum.GetValues<ParameterRole>().Where(present.Contains)
            .Select(role => (Role: role, Options: Resolve(config, role, tied, "optimizer.groups", errors))).ToList();
        errors.ThrowIfAny("the optimizer");
        return [.. resolved.GroupBy(entry => entry.Options).Select(group => new ResolvedGroup([.. group.Select(entry => entry.Role)], group.Key!))];
    }

    public static void Check(OptimizerConfig config, string path, string origin, ConfigErrors errors)
    {
        var twice = config.Groups.SelectMany(group => group.Roles).GroupBy(role => role).FirstOrDefault(group => group.Count() > 1);
        if (twice is not null) errors.Add(origin, path, $"the role {SnakeCase.From(twice.Key.ToString())} is in two groups");
        foreach (var (group, i) in config.Groups.Select((group, i) => (group, i)))
            if (group.Rule is not null && RuleRegistry.Find(group.Rule) is null)
                errors.Add(group.Settings.Origin, $"{path}[{i}]", $"there is no optimizer `{group.Rule}`{Suggestion.For(group.Rule, RuleRegistry.All.Select(r => r.Name))}");
            else if (group.Roles.Count > 0)
                Resolve(config, group.Roles[0], tied: false, $"{path}[{i}]", errors);
    }

    private static RuleOptions? Resolve(OptimizerConfig config, ParameterRole role, bool tied, string path, ConfigErrors errors)
    {
        var group = config.Groups.FirstOrDefault(candidate => candidate.Roles.Contains(role));
        var name = group?.Rule ?? (group is not null || config.Options.Serves(role) ? config.Name : CompanionName);
        var rule = RuleRegistry.Get(name);
        var options = name == config.Name ? config.Options : rule.Defaults() with { LearningRate = CompanionLearningRate(config, rule) };
        options = options.ForRole(role, tied);
        if (group is null) return options;
        if (group.LearningRateRatio is { } ratio) options = options with { LearningRate = ratio * config.LearningRate };
        var layered = ConfigNodes.FromRecord(options, group.Settings.Origin).Overlay(group.Settings);
        return (RuleOptions?)ConfigBinder.Bind(rule.OptionsType, layered, path, errors);
    }

    private static double CompanionLearningRate(OptimizerConfig config, RegisteredRule rule)
        => rule.Name == CompanionName ? config.LearningRate * config.Options.CompanionLearningRateRatio : rule.Defaults().LearningRate;
}
