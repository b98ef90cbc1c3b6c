namespace PretrainBench.Analysis.Solvers;

/// <summary>Huber and least-absolute-deviation fits on the log loss from given starts. One instance for each
/// thread.</summary>
internal sealed class RobustSolver
{
    // The delta at which Huber's objective stands for the sum of absolute deviations.
    private const double SmallestDelta = 1e-10;

    private const int NewtonIterations = 300, BfgsIterations = 400;
    private const double NewtonTolerance = 1e-13, BfgsTolerance = 1e-9;
    private readonly FitData _data;
    private readonly FitOptions _options;
    private readonly LogHuberObjective _objective;
    private readonly DampedNewton _newton;
    private readonly LimitedMemoryBfgs _bfgs;
    private readonly double[] _weights;

    public RobustSolver(FitData data, FitOptions options)
    {
        (_data, _options) = (data, options);
        _objective = new(data, options.HuberDelta);
        _newton = new(data.Unknowns);
        _bfgs = new(data.Unknowns);
        _weights = new double[data.X1.Length];
    }

    /// <summary>Weights by the caller's index of points; null: all one.</summary>
    public void SetWeights(double[]? rowWeights) => _objective.SetWeights(_data.Weights(rowWeights, _weights));

    /// <summary>L-BFGS from one start of the grid, at the Huber delta; moves <paramref name="x"/>.</summary>
    public MinimizerResult Descend(Span<double> x)
    {
        _objective.Delta = _options.HuberDelta;
        return _bfgs.Minimize(_objective, x, BfgsIterations, BfgsTolerance);
    }

    /// <summary>Finishes by Newton's method, following delta down to its limit for least absolute deviation.</summary>
    public MinimizerResult Finish(Span<double> x)
    {
        _objective.Delta = _options.HuberDelta;
        var result = Newton(x);
        if (_options.Solver != SolverKind.LeastAbsoluteDeviation) return result with
        {
            Value = result.Value * _objective.Delta,
        };
        while (_objective.Delta > SmallestDelta)
        {
            _objective.Delta /= 4;
            result = Newton(x);
        }
        return result;
    }

    /// <summary>The least-squares solution as a start: unknowns at zero begin at a millionth of the loss, from which
    /// Newton's method can still leave.</summary>
    public double[] StartFrom(ExponentSolution solution, ReadOnlySpan<double> coefficients)
    {
        var x = new double[_data.Unknowns];
        for (var j = 0; j < coefficients.Length; j++) x[j] = Math.Log(Math.Max(coefficients[j], 1e-6));
        (x[_data.Columns], x[_data.Columns + 1]) = (solution.Alpha, solution.Beta);
        return x;
    }

    private MinimizerResult Newton(Span<double> x)
        => _newton.Minimize(_objective, x, NewtonIterations, NewtonTolerance, frozen: !_data.HasSecond);
}
