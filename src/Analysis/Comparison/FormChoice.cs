using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Comparison;

/// <summary>
/// The form of law that savings are read off: the shared one, unless the runs leave it no support beside one in which
/// optimizers differ in their floors too, or in everything.
/// </summary>
/// <param name="Fit">The law to read.</param>
/// <param name="Rejected">Why it is not the shared law; null where it is.</param>
public sealed record FormChoice(LawFit Fit, Finding? Rejected)
{
    /// <summary>The difference in AICc from which on a form has essentially no support (Burnham and Anderson 2002,
    /// section 2.6).</summary>
    public const double NoSupport = 10;

    // What trunks and cells share lets wider forms fit noise: no table of so many under the shared law may do so well.
    private const int Draws = 99;

    private static readonly string[] Wider = ["shared-free-floor", "per-optimizer"];

    /// <summary>Chooses for a table.</summary>
    /// <param name="shared">The shared law, fitted to it.</param>
    public static FormChoice Of(RunTable table, LawFit shared)
    {
        if (Wider.Select(name => Attempt(table, LawRegistry.Get(name), shared)).OfType<LawFit>()
            .MinBy(fit => fit.Quality.Aicc) is not { } wider) return new(shared, null);
        var gain = shared.Quality.Aicc - wider.Quality.Aicc;
        if (!(gain > NoSupport) || MayBeNoise(shared, wider, gain)) return new(shared, null);
        return new(wider, new(Severity.Warning, "form-rejected",
            $"The runs reject the {shared.Law} law: AICc prefers {wider.Law} by {gain.Fixed(0)}. Optimizers differ in "
                + "more than what a parameter and a token are worth, so that savings are read off that law, and a rho "
                + "is no more than an average over the runs."));
    }

    // Whether tables of the shared law with this noise prefer the wider form as much (a parametric bootstrap; Efron and
    // Tibshirani 1993, section 16.4).
    private static bool MayBeNoise(LawFit shared, LawFit wider, double gain)
    {
        var noise = NoiseModel.Of(shared);
        double[] around = [.. shared.Points.Select(point => point.Predicted)];
        return Enumerable.Range(0, Draws).AsParallel().Any(draw =>
        {
            var loss = Bootstrap.Drawn(around, noise.Draw(SeedSequence.Generator(0, "form", draw)));
            return Aicc(shared, loss) - Aicc(wider, loss) >= gain;
        });
    }

    private static double Aicc(LawFit form, double[] loss)
    {
        var fit = form.Prepared;
        var again = VarianceWeights.Again(fit)(loss);
        var model = fit.Model(new FitWorkspace(fit, loss).Coefficients(again));
        double[] weights = [.. fit.Weights.Select((weight, i) => weight * (again?[i] ?? 1))];
        var squares = fit.Rows.Select((row, i) => weights[i] * Math.Pow(loss[i] - model.Predict(row), 2)).Sum();
        return Fitter.Aicc(squares, fit.Rows.Count, form.FreeParameters) - weights.Sum(Math.Log);
    }

    /// <summary>By how much another form, in which the powers of N and D are joined otherwise, is preferred; null where
    /// none clearly is.</summary>
    public static Finding? Joined(RunTable table, LawFit read)
    {
        var law = read.Model.Law;
        var other = LawRegistry.All.Where(form => form.Joining != law.Joining
                && form.SharesExponents == law.SharesExponents && form.HasVariablesOf(law))
            .Select(form => Attempt(table, form, read)).OfType<LawFit>().MinBy(fit => fit.Quality.Aicc);
        return !(read.Quality.Aicc - other?.Quality.Aicc > NoSupport) ? null : new(Severity.Warning, "other-form",
            $"AICc prefers another form of law, {other!.Law}, by "
                + $"{(read.Quality.Aicc - other.Quality.Aicc).Fixed(0)}: `--law {other.Law}` shows what hangs on the "
                + "form, `--average-forms` an average over forms.");
    }

    /// <summary>A further form for the runs that a law was fitted to, in its variables; null where they, or the solver,
    /// do not bear it.</summary>
    internal static LawFit? Attempt(RunTable table, Law law, LawFit like)
    {
        try
        {
            var fit = Fitter.Fit(table.With(like.Prepared.Rows), law, like.Prepared.Options);
            return double.IsFinite(fit.Quality.Aicc) ? fit : null;
        }
        catch (UserException)
        {
            return null;
        }
    }
}
