using PretrainBench.Analysis.Laws;

namespace PretrainBench.Analysis.Solvers;

/// <summary>One thread's solvers for all parts of a prepared fit.</summary>
internal sealed class FitWorkspace(PreparedFit fit)
{
    private readonly PartSolver[] _solvers = [.. fit.Parts.Select(part => new PartSolver(part, fit.Options))];

    /// <summary>The full fit of every part.</summary>
    public PartSolution[] Solve() => [.. _solvers.Select(solver => solver.Solve())];

    /// <summary>Refits every part with weights by row.</summary>
    public PartSolution[] Refit(double[]? weights) => [.. _solvers.Select(solver => solver.Refit(weights))];

    /// <summary>Refits and returns each optimizer's coefficients.</summary>
    public LawCoefficients[] Coefficients(double[]? weights) => fit.Coefficients(Refit(weights));

    /// <summary>Refits to other losses of the same runs.</summary>
    public static LawCoefficients[] CoefficientsOf(PreparedFit fit, double[] loss)
        => fit.Coefficients([.. fit.Parts.Select(part => new PartSolver(part.WithLoss(loss), fit.Options).Refit(null))]);
}
