using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Optimizers;

/// <summary>Finds each role's settings. What a group writes wins; below it are the rule's own defaults for the role
/// (<see cref="RuleOptions.ForRole"/>), and below these the main settings or, under another rule, that rule's
/// defaults.</summary>
internal static class GroupResolver
{
    public static IReadOnlyList<ResolvedGroup> Resolve(
        OptimizerConfig config, IReadOnlyCollection<ParameterRole> present)
    {
        var errors = new ConfigErrors();
        var tied = !present.Contains(ParameterRole.Head);
        var roles = Enum.GetValues<ParameterRole>().Where(present.Contains)
            .GroupBy(role => OptionsFor(role, tied, config, "optimizer.groups", errors)).ToList();
        errors.ThrowIfAny("the optimizer");
        return [.. roles.Select(group => new ResolvedGroup([.. group], group.Key))];
    }

    public static void Check(OptimizerConfig config, string path, string origin, ConfigErrors errors)
    {
        foreach (var (role, count) in config.Groups.SelectMany(group => group.Roles).CountBy(role => role))
            if (count > 1) errors.Add(origin, path, $"the role {SnakeCase.From(role)} is in two groups");
        foreach (var (i, group) in config.Groups.Index())
            OptionsFor(group.Roles[0], tied: false, config, $"{path}[{i}]", errors);
    }

    /// <summary>A group with its settings as understood, so that equal ones are written equally.</summary>
    public static OptimizerGroup Written(OptimizerConfig config, OptimizerGroup group)
    {
        var options = OptionsFor(group.Roles[0], tied: false, config, "optimizer.groups", new ConfigErrors());
        return group with { Settings = ((ConfigMapping)ConfigWriter.ToTree(options)).Only(group.Settings) };
    }

    private static RuleOptions OptionsFor(
        ParameterRole role, bool tied, OptimizerConfig config, string path, ConfigErrors errors)
    {
        var group = config.Groups.FirstOrDefault(candidate => candidate.Roles.Contains(role));
        var name = group?.Rule ?? (group is not null || config.Options.Serves(role) ? config.Name : Baseline.Optimizer);
        var options = name == config.Name ? config.Options : Companion(config, RuleRegistry.Get(name).Defaults());
        options = options.ForRole(role, tied);
        if (group is null) return options;
        if (group.LearningRateRatio is { } ratio) options = options with { LearningRate = ratio * config.LearningRate };
        return ConfigBinder.BindOver(options, group.Settings, path, errors);
    }

    private static RuleOptions Companion(OptimizerConfig config, RuleOptions defaults)
        => defaults.IsCompanion
            ? defaults with { LearningRate = config.LearningRate * config.Options.CompanionLearningRateRatio }
            : defaults;
}
