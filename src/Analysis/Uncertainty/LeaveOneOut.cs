using MathNet.Numerics.Statistics;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>The law without one run.</summary>
/// <param name="Run">The run that was left out, or its file and line.</param>
/// <param name="Parameters">Every optimizer's parameters without it.</param>
public sealed record LeaveOneOutFit(
    string Run, string Optimizer, double N, double D, IReadOnlyList<OptimizerParameters> Parameters);

/// <summary>How one optimizer's parameters move when single runs are left out.</summary>
/// <param name="CorrelationAAlpha">corr(log a, alpha) over the refits, a the optimizer's own coefficient.</param>
/// <param name="CorrelationBBeta">corr(log b, beta) over the refits.</param>
/// <param name="Spread">Each parameter's range over the refits.</param>
public sealed record LeaveOneOutSummary(
    string Optimizer, double CorrelationAAlpha, double CorrelationBBeta, IReadOnlyList<ParameterSpread> Spread);

/// <summary>The range of a parameter over leave-one-out refits.</summary>
/// <param name="Deviation">Standard deviation over refits.</param>
public sealed record ParameterSpread(string Parameter, double Estimate, double Lowest, double Highest,
    double Deviation);

/// <summary>Every refit without one run.</summary>
public sealed record LeaveOneOutResult
{
    /// <summary>Refits; all runs, or an even selection when there are more than
    /// <see cref="LeaveOneOut.MaximumRefits"/>; fewer of a table with over 5,000.</summary>
    public required IReadOnlyList<LeaveOneOutFit> Fits { get; init; }

    public required IReadOnlyList<LeaveOneOutSummary> Summary { get; init; }
}

/// <summary>Leave-one-out refits: the clouds that show what single runs decide.</summary>
public static class LeaveOneOut
{
    /// <summary>More runs than this are sampled evenly.</summary>
    public const int MaximumRefits = 2000;

    private const int MinimumRefits = 50;
    private const double MostRefittedRuns = 1e7;

    public static LeaveOneOutResult Run(LawFit fit)
    {
        var prepared = fit.Prepared;
        var left = Selection(prepared.Rows.Count);
        var models = prepared.Refits(left.Length, (i, weights) =>
        {
            Array.Fill(weights, 1);
            weights[left[i]] = 0;
        });
        var runs = fit.Parameters.Select(p => p.Runs).ToList();
        var fits = left.Select((row, i) => new LeaveOneOutFit(
            prepared.Rows[row].Label, prepared.Rows[row].Optimizer, prepared.Rows[row].N, prepared.Rows[row].D,
            Fitter.Parameters(models[i], runs))).ToList();
        return new()
        {
            Fits = fits,
            Summary = [.. fit.Parameters.Select((p, o) => Summarise(fit, fits, models, p, o))],
        };
    }

    private static int[] Selection(int count)
    {
        var refits = Math.Min(count, Math.Clamp((int)(MostRefittedRuns / count), MinimumRefits, MaximumRefits));
        return [.. Enumerable.Range(0, refits).Select(i => (int)((long)i * count / refits))];
    }

    private static LeaveOneOutSummary Summarise(LawFit fit, List<LeaveOneOutFit> fits, LawModel[] models,
        OptimizerParameters estimate, int o)
    {
        // Where optimizers are fitted apart, leaving out another's run changes nothing and would only repeat the full
        // fit.
        var own = Enumerable.Range(0, fits.Count)
            .Where(i => fit.Model.Law.SharesExponents || fits[i].Optimizer == estimate.Optimizer).ToList();
        var spread = new List<ParameterSpread>();
        foreach (var (name, value) in OptimizerParameters.All)
        {
            if (double.IsNaN(value(estimate))) continue;
            var values = own.Select(i => value(fits[i].Parameters[o])).Where(double.IsFinite).ToList();
            if (values.Count > 0)
                spread.Add(new(name, value(estimate), values.Min(), values.Max(), values.StandardDeviation()));
        }
        var coefficients = own.Select(i => models[i].Coefficients(o)).ToList();
        return new(estimate.Optimizer, LogCorrelation(coefficients, c => c.A, c => c.Alpha),
            LogCorrelation(coefficients, c => c.B, c => c.Beta), spread);
    }

    private static double LogCorrelation(
        List<LawCoefficients> fits, Func<LawCoefficients, double> coefficient, Func<LawCoefficients, double> exponent)
    {
        var defined = fits.Where(fit => coefficient(fit) > 0 && double.IsFinite(exponent(fit))).ToList();
        return defined.Count < 3 ? double.NaN
            : Correlation.Pearson(defined.Select(fit => Math.Log(coefficient(fit))), defined.Select(exponent));
    }
}
