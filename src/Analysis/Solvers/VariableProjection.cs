namespace PretrainBench.Analysis.Solvers;

/// <summary>Least squares on the loss by variable projection (Golub and Pereyra 1973): at fixed exponents the rest is a
/// non-negative linear problem, so that only (alpha, beta) are searched, over a grid and then by damped Gauss-Newton
/// (Kaufman 1975) from every local minimum of the grid. It needs no starting guess, for any number of optimizers. One
/// instance for each thread; nothing is allocated while solving.</summary>
internal sealed class VariableProjection
{
    /// <summary>Exponents are kept within these bounds; a fit that ends on one says so.</summary>
    public const double LowestExponent = 0.005, HighestExponent = 3.0;

    private const int MaximumPolished = 4;
    private readonly FitData _data;
    private readonly GridSearch _search;
    private readonly ProjectedStep _step;
    private readonly double[] _weights;
    private readonly double[] _best;

    public VariableProjection(FitData data, ExponentGrid grid)
    {
        _data = data;
        _search = new GridSearch(data, grid);
        _step = new ProjectedStep(data);
        _weights = new double[data.X1.Length];
        _best = new double[data.Columns];
    }

    /// <summary>The linear unknowns of the last solution.</summary>
    public ReadOnlySpan<double> Coefficients => _best;

    /// <summary>Solves with weights by the caller's index of points (null: all one).</summary>
    public ExponentSolution Solve(double[]? rowWeights)
    {
        var weights = _data.Weights(rowWeights, _weights);
        var minima = _search.Run(weights, MaximumPolished);
        // What stands where no exponents give a finite sum of squares: losses too large for a double's square.
        var best = new ExponentSolution
        {
            Objective = double.PositiveInfinity,
            Alpha = LowestExponent,
            Beta = LowestExponent,
        };
        for (var i = 0; i < minima; i++)
        {
            var (alpha, beta) = _search.Minimum(i);
            var solution = _step.Polish(weights, alpha, beta);
            if (!(solution.Objective < best.Objective)) continue;
            best = solution;
            _step.Coefficients.CopyTo(_best);
        }
        return best with { Starts = minima };
    }

    /// <summary>The local minimum nearest to exponents that are known to be good, ten times as fast: for many refits to
    /// losses that differ by noise. The whole search where it does not converge.</summary>
    public ExponentSolution SolveNear(double[]? rowWeights, double alpha, double beta)
    {
        var solution = _step.Polish(_data.Weights(rowWeights, _weights), alpha, beta) with { Starts = 1 };
        if (!solution.Converged) return Solve(rowWeights);
        _step.Coefficients.CopyTo(_best);
        return solution;
    }
}

/// <summary>Where a search over the exponents ended.</summary>
internal readonly record struct ExponentSolution
{
    /// <summary>Weighted sum of squared residuals.</summary>
    public double Objective { get; init; }

    /// <summary>Exponent of the first variable; meaningless when all its coefficients are zero.</summary>
    public double Alpha { get; init; }

    /// <summary>Exponent of the second variable; meaningless when all its coefficients are zero.</summary>
    public double Beta { get; init; }

    /// <summary>Whether the last step was below the tolerance.</summary>
    public bool Converged { get; init; }

    public int Iterations { get; init; }

    /// <summary>Local minima of the grid that were followed.</summary>
    public int Starts { get; init; }
}
