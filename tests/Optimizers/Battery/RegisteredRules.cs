using System.Runtime.CompilerServices;

namespace PretrainBench.Optimizers.Tests.Battery;

/// <summary>Every registered rule, this assembly's example included: what the battery runs over.</summary>
public static class RegisteredRules
{
    public static IReadOnlyList<string> All => [.. RuleRegistry.All.Select(rule => rule.Name)];

    public static TheoryData<string> Names => new(All);

    [ModuleInitializer]
    internal static void RegisterExample() => RuleRegistry.Register(typeof(RegisteredRules).Assembly);
}
