namespace PretrainBench.Analysis.Solvers;

/// <summary>
/// A block of optimizers that are fitted together: all of them when the law shares exponents, one when it does not.
/// Holds what every refit on the same points can reuse.
/// </summary>
internal sealed class FitPart(int[] optimizers, FitData data, Lazy<ExponentGrid>? grid = null)
{
    private readonly Lazy<ExponentGrid> _grid = grid ?? new(() => new ExponentGrid(data));

    /// <summary>The indices of its optimizers, in the order of the data's groups.</summary>
    public int[] Optimizers { get; } = optimizers;

    /// <summary>Its points.</summary>
    public FitData Data { get; } = data;

    /// <summary>The powers at the grid of exponents.</summary>
    public ExponentGrid Grid => _grid.Value;

    /// <summary>The end of the full fit in the robust solver's variables, from which refits start too; null before it.</summary>
    public double[]? FullFit { get; set; }

    /// <summary>The same points with other losses; the powers are shared.</summary>
    public FitPart WithLoss(double[] loss) => new(Optimizers, Data.WithLoss(loss), _grid) { FullFit = FullFit };
}

/// <summary>One part's solution in the solvers' variables.</summary>
/// <param name="Coefficients">The linear unknowns at the centre of the data.</param>
/// <param name="Alpha">First exponent.</param>
/// <param name="Beta">Second exponent.</param>
/// <param name="Objective">The solver's objective.</param>
/// <param name="Converged">Whether the search met its tolerance.</param>
/// <param name="Iterations">Iterations of the search that won.</param>
/// <param name="Starts">Searches made.</param>
/// <param name="Agreeing">Searches that ended within 0.1 % of the best objective.</param>
internal sealed record PartSolution(
    double[] Coefficients, double Alpha, double Beta, double Objective, bool Converged, int Iterations, int Starts, int Agreeing);
