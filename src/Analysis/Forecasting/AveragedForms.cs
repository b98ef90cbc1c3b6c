using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>Several forms of law for one table, averaged by Akaike's weights exp(−ΔAICc / 2) (Burnham and Anderson
/// 2002, section 4.2). Draws of each form are pooled in proportion to its weight, so that intervals hold the spread
/// between forms too (Buckland, Burnham and Augustin 1997).</summary>
public sealed class AveragedForms
{
    // Forms that weigh less get no draw.
    private const double LeastWeight = 1e-3;

    private readonly (double Weight, LawModel Model)[] _forms;
    private readonly LawModel[] _draws;
    private readonly double _confidence;

    private AveragedForms(List<(LawFit Fit, double Weight)> forms, BootstrapOptions options)
    {
        Weights = [.. forms.Select(form => new FormWeight(form.Fit.Law, form.Fit.Quality.Aicc, form.Weight))];
        _forms = [.. forms.Select(form => (form.Weight, form.Fit.Model))];
        _confidence = options.Confidence;
        _draws = [.. forms.SelectMany(form =>
        {
            var own = (int)Math.Round(form.Weight * options.Replicates);
            var drawn = options with { Replicates = Math.Max(own, BootstrapOptions.FewestReplicates) };
            return Bootstrap.Run(form.Fit, drawn).Models.Take(own);
        })];
    }

    /// <summary>The forms, the heaviest first.</summary>
    public IReadOnlyList<FormWeight> Weights { get; }

    /// <summary>Fits every law in the variables of this one that shares exponents where it does, with its options and
    /// to its runs, and draws.</summary>
    /// <param name="bootstrap">How uncertainty is drawn; defaults when null.</param>
    public static AveragedForms Of(RunTable table, LawFit fit, BootstrapOptions? bootstrap = null)
    {
        var law = fit.Model.Law;
        var fits = LawRegistry.All.Where(other => other.SharesExponents == law.SharesExponents
                && other.HasVariablesOf(law))
            .Select(other => FormChoice.Attempt(table, other, fit)).OfType<LawFit>().ToList();
        var least = fits.Min(own => own.Quality.Aicc);
        var weighed = Normalised(fits.Select(own => (own, Math.Exp((least - own.Quality.Aicc) / 2))));
        return new(Normalised(weighed.Where(form => form.Weight >= LeastWeight)), bootstrap ?? new());
    }

    /// <summary>The weighted mean of a quantity over the forms, with the interval of their draws.</summary>
    internal Estimate Estimate(Func<LawModel, double> quantity)
    {
        var (low, high) = DrawStatistics.Interval(
            [.. _draws.Select(quantity).Where(value => !double.IsNaN(value)).Order()], _confidence);
        return new(_forms.Sum(form => form.Weight * quantity(form.Model)), low, high);
    }

    private static List<(LawFit Fit, double Weight)> Normalised(IEnumerable<(LawFit Fit, double Weight)> forms)
    {
        var sorted = forms.OrderByDescending(form => form.Weight).ToList();
        var sum = sorted.Sum(form => form.Weight);
        return [.. sorted.Select(form => (form.Fit, form.Weight / sum))];
    }
}

/// <summary>A form of law in an average.</summary>
/// <param name="Aicc">Akaike's criterion with the correction for few runs.</param>
/// <param name="Weight">Its share in the average; the weights add to one.</param>
public sealed record FormWeight(string Law, double Aicc, double Weight);

/// <summary>One optimizer at one point, averaged over forms.</summary>
/// <param name="Share">Its tokens over those that the other needs for the same loss at the same N; null for the
/// optimizer that others are compared with, and where nothing is claimed.</param>
public sealed record AveragedPoint(string Optimizer, double N, double D, Estimate Loss, Estimate? Share);

/// <summary>A forecast averaged over forms of law.</summary>
/// <param name="Forms">What was averaged, the heaviest first.</param>
/// <param name="Points">Losses and savings at the points asked for.</param>
public sealed record FormAverage(IReadOnlyList<FormWeight> Forms, IReadOnlyList<AveragedPoint> Points);
