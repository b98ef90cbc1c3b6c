using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>How far one run moves one parameter: the full fit minus the fit without it.</summary>
/// <param name="Run">The run, or its file and line.</param>
/// <param name="Optimizer">The optimizer whose parameter moves.</param>
/// <param name="Change">Full fit minus fit without the run.</param>
public sealed record PointInfluence(string Run, string Optimizer, string Parameter, double Change);

/// <summary>What the few runs that push a parameter hardest do together.</summary>
/// <param name="Optimizer">The optimizer whose parameter moves.</param>
/// <param name="Runs">The runs, left out at once.</param>
/// <param name="Without">The parameter without them.</param>
public sealed record JointInfluence(string Optimizer, string Parameter, IReadOnlyList<string> Runs, double Full,
    double Without);

/// <summary>The fit under another choice of method or of convention.</summary>
/// <param name="Choice">The choice, such as <c>huber delta 0.01</c> or <c>N = total_params</c>.</param>
/// <param name="Parameters">Every optimizer's parameters under it.</param>
/// <param name="MeanRelativeError">In-sample mean of |L − prediction| / L.</param>
public sealed record AlternativeFit(string Choice, IReadOnlyList<OptimizerParameters> Parameters,
    double MeanRelativeError);

/// <summary>What single runs, the solver and the parameter count do to a fit.</summary>
public sealed record InfluenceResult
{
    /// <summary>The strongest single runs for each optimizer and parameter, strongest first.</summary>
    public required IReadOnlyList<PointInfluence> Points { get; init; }

    /// <summary>For each optimizer and exponent, the few strongest runs left out at once.</summary>
    public required IReadOnlyList<JointInfluence> Joint { get; init; }

    public required IReadOnlyList<AlternativeFit> Solvers { get; init; }

    /// <summary>Other ways of counting parameters, where the table has them.</summary>
    public required IReadOnlyList<AlternativeFit> ParameterCounts { get; init; }
}

/// <summary>Measures influence.</summary>
public static class Influence
{
    private const int StrongestShown = 5;
    private static readonly string[] Watched = ["E", "alpha", "beta", "rhoN", "rhoD", "rhoC"];
    private static readonly double[] Deltas = [1e-1, 1e-2, 1e-3, 1e-4];

    private static readonly (string Name, Func<RunRow, double?> Count)[] Conventions =
    [
        ("non_embedding_params", row => row.NonEmbeddingParams),
        ("total_params", row => row.TotalParams),
        ("matrix_params", row => row.MatrixParams),
        ("matrix_params + head_params", row => row.HeadParams > 0 ? row.MatrixParams + row.HeadParams : null),
    ];

    /// <summary>Measures what single runs, delta and the convention of counting parameters do.</summary>
    /// <param name="leaveOneOut">Leave-one-out refits, if they exist already.</param>
    public static InfluenceResult Of(RunTable table, LawFit fit, LeaveOneOutResult? leaveOneOut = null)
    {
        leaveOneOut ??= LeaveOneOut.Run(fit);
        var points = fit.Parameters.SelectMany(
            (p, o) => Watched.SelectMany(name => Strongest(fit, leaveOneOut, o, name))).ToList();
        return new()
        {
            Points = points,
            Joint = [.. points.Where(point => point.Parameter is "alpha" or "beta")
                .GroupBy(point => (point.Optimizer, point.Parameter))
                .Select(group => Joint(table, fit, [.. group])).OfType<JointInfluence>()],
            Solvers = [.. SolverChoices(fit)
                .Select(choice => Alternative(table, fit.Model.Law, choice.Name, choice.Options))],
            ParameterCounts = ParameterCounts(table, fit),
        };
    }

    private static IEnumerable<PointInfluence> Strongest(LawFit fit, LeaveOneOutResult leaveOneOut, int o, string name)
    {
        var full = fit.Parameters[o][name];
        return leaveOneOut.Fits.Select(
            left => new PointInfluence(left.Run, fit.Parameters[o].Optimizer, name, full - left.Parameters[o][name]))
            .Where(point => double.IsFinite(point.Change) && Math.Abs(point.Change) > 1e-12)
            .OrderByDescending(point => Math.Abs(point.Change)).Take(StrongestShown);
    }

    private static JointInfluence? Joint(RunTable table, LawFit fit, List<PointInfluence> strongest)
    {
        // The runs that push the same way as the strongest one: together they show how far the parameter could go.
        var runs = strongest.Where(point => Math.Sign(point.Change) == Math.Sign(strongest[0].Change))
            .Select(point => point.Run).ToList();
        var rest = table.Rows.Where(row => !runs.Contains(row.Label)).ToList();
        if (FitRequirements.Problem(rest, fit.Model.Law) != null) return null;
        var (optimizer, name) = (strongest[0].Optimizer, strongest[0].Parameter);
        var without = Fitter.Fit(table.With(rest), fit.Model.Law,
            fit.Prepared.Options with { Starts = RobustStarts.FirstSolver });
        return new(optimizer, name, runs, fit[optimizer][name], without[optimizer][name]);
    }

    private static IEnumerable<(string Name, FitOptions Options)> SolverChoices(LawFit fit)
    {
        var options = fit.Prepared.Options with { Starts = RobustStarts.FirstSolver };
        yield return ("least-squares", options with { Solver = SolverKind.LeastSquares });
        foreach (var delta in Deltas)
            yield return (FormattableString.Invariant($"huber delta {delta}"),
                options with { Solver = SolverKind.Huber, HuberDelta = delta });
        yield return ("lad", options with { Solver = SolverKind.LeastAbsoluteDeviation });
    }

    private static List<AlternativeFit> ParameterCounts(RunTable table, LawFit fit)
    {
        var options = fit.Prepared.Options with { Starts = RobustStarts.FirstSolver };
        var fits = new List<AlternativeFit>();
        foreach (var (name, count) in Conventions)
        {
            if (table.Rows.Any(row => count(row) is not > 0)) continue;
            var counted = table.With([.. table.Rows.Select(row => row with { N = count(row)!.Value })]);
            if (FitRequirements.Problem(counted.Rows, fit.Model.Law) == null)
                fits.Add(Alternative(counted, fit.Model.Law, $"N = {name}", options));
        }
        return fits;
    }

    private static AlternativeFit Alternative(RunTable table, Law law, string choice, FitOptions options)
    {
        var fit = Fitter.Fit(table, law, options);
        return new(choice, fit.Parameters, fit.Quality.MeanRelativeError);
    }
}
