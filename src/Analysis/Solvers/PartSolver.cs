using PretrainBench.Analysis.Laws;

namespace PretrainBench.Analysis.Solvers;

/// <summary>Solves one part with any solver; the workspace of one thread.</summary>
internal sealed class PartSolver
{
    private readonly FitPart _part;
    private readonly FitOptions _options;
    private readonly VariableProjection _projection;
    private readonly RobustSolver? _robust;
    private readonly JoinedPowersSolver? _joined;

    public PartSolver(FitPart part, FitOptions options)
    {
        (_part, _options) = (part, options);
        _projection = new(part.Data, part.Grid);
        _joined = part.Joining == Joining.Sum ? null : new(part.Data, part.Joining, options);
        _robust = options.Solver == SolverKind.LeastSquares || _joined != null ? null : new(part.Data, options);
    }

    /// <summary>A refit with other weights: from the least-squares fit of these weights and from the full
    /// fit.</summary>
    /// <param name="near">A solution of nearly the same losses, to search its neighbourhood only; null:
    /// everywhere.</param>
    public PartSolution Refit(double[]? rowWeights, PartSolution? near = null)
    {
        var first = near is null ? _projection.Solve(rowWeights)
            : _projection.SolveNear(rowWeights, near.Alpha, near.Beta);
        if (_robust == null)
        {
            var projected = new PartSolution(_projection.Coefficients.ToArray(), first.Alpha, first.Beta,
                first.Objective, first.Converged, first.Iterations, first.Starts, 1);
            return _joined?.Solve(rowWeights, projected, _part.Full) ?? projected;
        }
        _robust.SetWeights(rowWeights);
        var x = _robust.StartFrom(first, _projection.Coefficients);
        var best = Solution(x, _robust.Finish(x));
        if (_part.FullFit == null) return best;
        x = [.. _part.FullFit];
        var second = Solution(x, _robust.Finish(x));
        return second.Objective < best.Objective ? second with { Starts = 2 } : best with { Starts = 2 };
    }

    /// <summary>The full fit: for robust solvers from every start that the options name, in parallel.</summary>
    public PartSolution Solve()
    {
        if (_robust == null) return _part.Full = Refit(null);
        var ends = new List<PartSolution>();
        if (_options.Starts != RobustStarts.Grid) ends.Add(Refit(null));
        int starts = ends.Count, agreeing = ends.Count;
        if (_options.Starts != RobustStarts.FirstSolver)
        {
            var (points, values) = DescendGrid();
            var order = Enumerable.Range(0, values.Length).OrderBy(i => values[i]).ThenBy(i => i).ToArray();
            ends.AddRange(Distinct(points, values, order).Select(x => Solution(x, _robust.Finish(x))));
            starts += values.Length;
            var scale = _options.HuberDelta * (1 + 1e-3);
            var bestHuber = values[order[0]] * scale;
            agreeing += values.Count(value => value * _options.HuberDelta <= bestHuber);
        }
        var best = ends.MinBy(end => end.Objective)!;
        _part.FullFit = [.. best.Coefficients.Select(c => Math.Log(Math.Max(c, 1e-300))), best.Alpha, best.Beta];
        return best with { Starts = starts, Agreeing = agreeing };
    }

    private (List<double[]> Points, double[] Values) DescendGrid()
    {
        var points = RobustStartGrid.Starts(_part.Data);
        var values = new double[points.Count];
        Parallel.For(0, points.Count, _options.Parallel(), () => new RobustSolver(_part.Data, _options),
            (i, _, solver) =>
            {
                values[i] = solver.Descend(points[i]).Value;
                if (double.IsNaN(values[i])) values[i] = double.PositiveInfinity;
                return solver;
            },
            _ => { });
        return (points, values);
    }

    // A dozen different ends are worth finishing: for least absolute deviation the order may change on the way down.
    private static List<double[]> Distinct(List<double[]> points, double[] values, int[] order)
    {
        var chosen = new List<double[]>();
        var last = double.NegativeInfinity;
        foreach (var i in order)
        {
            if (chosen.Count == 12 || !double.IsFinite(values[i])) break;
            if (values[i] <= last * (1 + 1e-6)) continue;
            last = values[i];
            chosen.Add([.. points[i]]);
        }
        return chosen;
    }

    private PartSolution Solution(double[] x, MinimizerResult result)
    {
        var n = _part.Data.Columns;
        return new([.. x.Take(n).Select(Math.Exp)], x[n], x[n + 1], result.Value, result.Converged,
            result.Iterations, 1, 1);
    }
}
