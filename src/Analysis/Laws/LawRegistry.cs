using PretrainBench.Core;

namespace PretrainBench.Analysis.Laws;

/// <summary>The laws by name.</summary>
public static class LawRegistry
{
    /// <summary>Every law, the two that the product compares first.</summary>
    public static IReadOnlyList<Law> All { get; } =
    [
        new PerOptimizerLaw(),
        new SharedLaw(),
        new SharedRhoDLaw(),
        new SharedRhoNLaw(),
        new SharedFreeFloorLaw(),
        new SharedFlopsLaw(),
        new SharedSecondsLaw(),
        new KaplanLaw(),
    ];

    /// <summary>The law of this name.</summary>
    /// <param name="name">A name, without regard to case.</param>
    /// <returns>The law.</returns>
    /// <exception cref="UserException">No law has the name.</exception>
    public static Law Get(string name)
        => All.FirstOrDefault(law => law.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UserException($"No law is called '{name}'; the laws are {string.Join(", ", All.Select(law => law.Name))}.");
}
