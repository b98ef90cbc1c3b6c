namespace PretrainBench.Core;

/// <summary>The optimizer that every other is measured against.</summary>
public static class Baseline
{
    /// <summary>AdamW's name in configurations and tables: the reference of a comparison where the user names none, and
    /// the rule for the roles that another rule does not serve.</summary>
    public const string Optimizer = "adamw";
}
