using PretrainBench.Analysis.Laws;

namespace PretrainBench.Analysis.Solvers;

/// <summary>A block of optimizers that are fitted together: all of them when the law shares exponents, one when it does
/// not. Holds what every refit on the same points can reuse.</summary>
internal sealed class FitPart(
    int[] optimizers, FitData data, Joining joining, Lazy<ExponentGrid>? grid = null)
{
    private readonly Lazy<ExponentGrid> _grid = grid ?? new(() => new ExponentGrid(data));

    /// <summary>The indices of its optimizers, in the order of the data's groups.</summary>
    public int[] Optimizers { get; } = optimizers;

    public FitData Data { get; } = data;

    public ExponentGrid Grid => _grid.Value;

    /// <summary>How its law joins the powers; but for sums, variable projection only begins the search.</summary>
    public Joining Joining => joining;

    /// <summary>The number of all unknowns, the joining's own included.</summary>
    public int Unknowns => Data.Unknowns + (Joining == Joining.Sum ? 0 : 1);

    /// <summary>The full fit by least squares; null before it.</summary>
    public PartSolution? Full { get; set; }

    /// <summary>The end of the full fit in the robust solver's variables, from which refits start too; null before
    /// it.</summary>
    public double[]? FullFit { get; set; }

    /// <summary>The same points with other losses; the powers are shared.</summary>
    public FitPart WithLoss(double[] loss) => new(Optimizers, Data.WithLoss(loss), joining, _grid)
    {
        FullFit = FullFit,
        Full = Full,
    };
}

/// <summary>One part's solution in the solvers' variables.</summary>
/// <param name="Coefficients">The linear unknowns at the centre of the data.</param>
/// <param name="Alpha">First exponent.</param>
/// <param name="Converged">Whether the search met its tolerance.</param>
/// <param name="Agreeing">Searches that ended within 0.1 % of the best objective.</param>
internal sealed record PartSolution(
    double[] Coefficients, double Alpha, double Beta, double Objective, bool Converged, int Iterations, int Starts,
    int Agreeing)
{
    /// <summary>The joining's own parameter.</summary>
    public double Shape { get; init; }
}

/// <summary>A rho held at a value: the optimizer's coefficient is the reference's, and its log variable is moved by log
/// rho.</summary>
/// <param name="Term">1 for rhoN, 2 for rhoD.</param>
/// <param name="Optimizer">The optimizer's index.</param>
/// <param name="LogRho">Natural logarithm of the value.</param>
internal sealed record FitChange(int Term, int Optimizer, double LogRho)
{
    /// <summary>The log variables with the optimizer's moved.</summary>
    public (double[] X1, double[] X2) Shift(int[] group, double[] logX1, double[] logX2)
    {
        double[] Moved(double[] x) => [.. x.Select((value, i) => group[i] == Optimizer ? value + LogRho : value)];
        return Term == 1 ? (Moved(logX1), logX2) : (logX1, Moved(logX2));
    }
}
