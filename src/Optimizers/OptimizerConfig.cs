using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>
/// Which rule updates which parameters. In YAML the main rule's name and settings, and groups for roles that differ:
/// <code>
/// optimizer: {name: muon, learning_rate: 0.02, groups: [{roles: [embedding, head], rule: adamw, learning_rate: 3e-3}]}
/// </code>
/// Roles without a group go to the main rule when it serves them, else to AdamW at
/// <see cref="RuleOptions.CompanionLearningRateRatio"/> times the main learning rate.</summary>
public sealed record OptimizerConfig : IConfigParsable<OptimizerConfig>
{
    private const string NameKey = "name";
    private const string GroupsKey = "groups";

    /// <summary>The main rule's settings.</summary>
    public required RuleOptions Options { get; init; }

    /// <summary>What differs for some roles; no role is in two groups.</summary>
    public IReadOnlyList<OptimizerGroup> Groups { get; init; } = [];

    /// <summary>The main rule's name: what results and laws call the optimizer.</summary>
    public string Name => RuleRegistry.NameOf(Options);

    /// <summary>The main peak learning rate.</summary>
    public double LearningRate => Options.LearningRate;

    /// <summary>A rule with its default settings.</summary>
    /// <exception cref="UserException">There is none of that name.</exception>
    public static OptimizerConfig Default(string name) => new() { Options = RuleRegistry.Get(name).Defaults() };

    public static OptimizerConfig? FromConfig(ConfigNode node, string path, ConfigErrors errors)
    {
        var before = errors.Messages.Count;
        var written = node as ConfigMapping ?? new ConfigMapping(node.Origin) { [NameKey] = node };
        if (written[NameKey] is not ConfigScalar name)
        {
            errors.Add(node.Origin, $"{path}.{NameKey}",
                "is required and missing: " + string.Join(", ", RuleRegistry.Names));
            return null;
        }
        if (RuleRegistry.Find(name.Text) is not { } rule)
        {
            errors.Add(name.Origin, $"{path}.{NameKey}", RuleRegistry.Unknown(name.Text));
            return null;
        }
        var settings = written.Without(NameKey, GroupsKey);
        var options = (RuleOptions)ConfigBinder.Bind(rule.OptionsType, settings, path, errors)!;
        var list = written[GroupsKey] ?? new ConfigSequence([], node.Origin);
        var groups = ConfigBinder.Bind(typeof(IReadOnlyList<OptimizerGroup>), list, $"{path}.{GroupsKey}", errors);
        if (errors.Messages.Count > before) return null;
        var config = new OptimizerConfig { Options = options, Groups = (IReadOnlyList<OptimizerGroup>)groups! };
        GroupResolver.Check(config, $"{path}.{GroupsKey}", node.Origin, errors);
        return errors.Messages.Count > before ? null : config;
    }

    public ConfigNode ToConfig()
    {
        var name = new ConfigMapping("the optimizer") { [NameKey] = ConfigWriter.ToTree(Name) };
        var config = name.Overlay((ConfigMapping)ConfigWriter.ToTree(Options));
        if (Groups.Count > 0)
            config[GroupsKey] = ConfigWriter.ToTree(Groups.Select(group => GroupResolver.Written(this, group)));
        return config;
    }

    /// <summary>The settings of each role that a model has; without a head, the embedding is tied.</summary>
    public IReadOnlyList<ResolvedGroup> Resolve(IReadOnlyCollection<ParameterRole> present)
        => GroupResolver.Resolve(this, present);

    /// <summary>Builds the optimizer for all parameters of a model, in its order, from the run's seed.</summary>
    public CompositeOptimizer Create(IReadOnlyList<ModelParameter<Tensor>> parameters, ulong seed)
    {
        var present = parameters.Select(parameter => parameter.Role).ToHashSet();
        return new CompositeOptimizer(Resolve(present).Select(group => group.Options.Create(new RuleContext(
            [.. parameters.Where(parameter => group.Roles.Contains(parameter.Role))], seed))));
    }
}

/// <summary>Roles with equal settings.</summary>
/// <param name="Options">The settings as used.</param>
public sealed record ResolvedGroup(IReadOnlyList<ParameterRole> Roles, RuleOptions Options);
