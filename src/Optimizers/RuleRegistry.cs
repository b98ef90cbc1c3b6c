using System.Reflection;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Optimizers;

/// <summary>All update rules by name: every <see cref="RuleOptions"/> that carries <see cref="RuleAttribute"/>, in this
/// assembly and in those handed to <see cref="Register"/>.</summary>
public static class RuleRegistry
{
    private static readonly SortedDictionary<string, RegisteredRule> Rules = new(StringComparer.Ordinal);

    static RuleRegistry() => Register(typeof(RuleRegistry).Assembly);

    /// <summary>The rules, sorted by name.</summary>
    public static IReadOnlyCollection<RegisteredRule> All => Rules.Values;

    /// <summary>Their names, sorted.</summary>
    public static IReadOnlyCollection<string> Names => Rules.Keys;

    /// <summary>Finds a rule; null when there is none of that name.</summary>
    public static RegisteredRule? Find(string name) => Rules.GetValueOrDefault(name);

    /// <summary>Finds a rule.</summary>
    /// <exception cref="UserException">There is none of that name.</exception>
    public static RegisteredRule Get(string name)
        => Find(name) ?? throw new UserException(Unknown(name));

    /// <summary>The message for a name that no rule has, with what was probably meant: rather AdamW than its
    /// kin.</summary>
    public static string Unknown(string name) => $"there is no optimizer `{name}`"
        + Suggestion.For(name, Names.OrderBy(known => known != Baseline.Optimizer));

    /// <summary>The name under which settings are registered.</summary>
    public static string NameOf(RuleOptions options)
        => options.GetType().GetCustomAttribute<RuleAttribute>()?.Name
            ?? throw new InvalidOperationException($"{options.GetType().Name} lacks [Rule].");

    /// <summary>Adds the rules of another assembly; before anything looks rules up from several threads.</summary>
    /// <exception cref="ArgumentException">A name is taken.</exception>
    public static void Register(Assembly assembly)
    {
        foreach (var type in assembly.GetTypes())
            if (type.GetCustomAttribute<RuleAttribute>() is { } rule && type.IsSubclassOf(typeof(RuleOptions)))
                Rules.Add(rule.Name, new RegisteredRule(rule.Name, rule.Summary, type));
    }
}

/// <summary>One registered rule.</summary>
/// <param name="Name">The name in configuration files.</param>
/// <param name="Summary">One line: what the rule does.</param>
/// <param name="OptionsType">The record of its settings.</param>
public sealed record RegisteredRule(string Name, string Summary, Type OptionsType)
{
    /// <summary>The rule's default settings.</summary>
    public RuleOptions Defaults() => (RuleOptions)Activator.CreateInstance(OptionsType)!;

    /// <summary>The roles that the rule serves unless configured otherwise.</summary>
    public IReadOnlyList<ParameterRole> Roles => [.. Enum.GetValues<ParameterRole>().Where(Defaults().Serves)];
}

/// <summary>Registers an update rule: put it on the rule's <see cref="RuleOptions"/>.</summary>
/// <param name="name">The name in configuration files, in kebab-case.</param>
/// <param name="summary">One line: what the rule does.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RuleAttribute(string name, string summary) : Attribute
{
    public string Name { get; } = name;

    /// <summary>One line: what the rule does.</summary>
    public string Summary { get; } = summary;
}
