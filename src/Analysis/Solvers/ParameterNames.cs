namespace PretrainBench.Analysis.Solvers;

/// <summary>The parameters by their stable names.</summary>
public static class ParameterNames
{
    /// <summary>Every parameter and where it is kept.</summary>
    public static IReadOnlyList<(string Name, Func<OptimizerParameters, double> Value)> All { get; } =
    [
        ("E", p => p.E), ("A", p => p.A), ("B", p => p.B), ("alpha", p => p.Alpha), ("beta", p => p.Beta),
        ("rhoN", p => p.RhoN), ("rhoD", p => p.RhoD), ("rhoC", p => p.RhoC),
    ];
}
