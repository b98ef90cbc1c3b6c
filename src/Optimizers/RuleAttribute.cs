namespace PretrainBench.Optimizers;

/// <summary>Registers an update rule: put it on the rule's <see cref="RuleOptions"/>.</summary>
/// <param name="name">The name in configuration files, in kebab-case.</param>
/// <param name="summary">One line: what the rule does.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
public sealed class RuleAttribute(string name, string summary) : Attribute
{
    /// <summary>The name in configuration files.</summary>
    public string Name { get; } = name;

    /// <summary>One line: what the rule does.</summary>
    public string Summary { get; } = summary;
}
