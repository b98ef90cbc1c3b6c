using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>What an optimizer saves at one scale, by the law: the tokens that it needs for a loss, as a share of the
/// tokens that the reference needs for the same loss at the same N. Below 1 the optimizer saves; 0 means that the
/// reference never gets there.</summary>
/// <param name="D">The optimizer's tokens.</param>
/// <param name="Share">Its tokens / the reference's tokens.</param>
/// <param name="Low">Lower end of the interval of the share.</param>
/// <param name="High">Upper end of the interval of the share.</param>
/// <param name="RelativeTimePerToken">Measured training seconds per token over the reference's, optimizer step
/// included, at the nearest size; null when not measured.</param>
/// <param name="IsExtrapolated">Whether N is above the largest size of the table.</param>
public sealed record TokenAdvantage(
    string Optimizer, double N, double D, double Share, double Low, double High, double Confidence,
    double? RelativeTimePerToken, bool IsExtrapolated)
{
    private const int ScanPoints = 33;
    private const double ScanFactor = 10;
    private const double MostUndefined = 0.05;

    /// <summary>Whether the interval leaves no doubt which of the two needs fewer tokens.</summary>
    public bool IsResolved => High < 1 || Low > 1;

    /// <summary>The reference's tokens / its tokens.</summary>
    public double SpeedUp => 1 / Share;

    /// <summary>Share of training time, where it was measured: the token share times the time per token.</summary>
    public double? TimeShare => Share * RelativeTimePerToken;

    /// <summary>Savings of every optimizer over sizes, at the table's median ratio of tokens to parameters.</summary>
    /// <returns>The measured sizes and, beyond the largest, up to ten times as far; nothing where tokens have no
    /// effect.</returns>
    public static IReadOnlyList<TokenAdvantage> Of(LawFit fit, BootstrapResult bootstrap)
    {
        var sizes = fit.Points.Select(point => point.N).Distinct().Order().ToList();
        var ratio = MedianRatio(fit);
        var largest = sizes[^1];
        var places = sizes.Concat(Enumerable.Range(1, ScanPoints)
            .Select(i => largest * Math.Pow(ScanFactor, (double)i / ScanPoints)));
        return [.. places.SelectMany(n => Enumerable.Range(0, fit.Model.Optimizers.Count)
            .Where(o => o != fit.Model.Reference)
            .Select(o => At(fit, bootstrap, o, n, ratio * n, n > largest))).OfType<TokenAdvantage>()
            .OrderBy(a => a.Optimizer, StringComparer.Ordinal).ThenBy(a => a.N)];
    }

    /// <summary>The middle ratio of tokens to parameters among the runs; always one that was trained.</summary>
    internal static double MedianRatio(LawFit fit)
    {
        var ratios = fit.Points.Select(point => point.D / point.N).Order().ToList();
        return ratios[(ratios.Count - 1) / 2];
    }

    /// <summary>The share at one place: (tokens of the optimizer) / (tokens of the reference for the same
    /// loss).</summary>
    internal static double ShareOf(LawModel model, int optimizer, double n, double d)
    {
        var reference = EffectiveLaw.Of(model, model.Reference);
        // Without a token term no number of tokens means anything; with one, the reference may still never get there.
        return reference.B > 0 ? d / reference.TokensFor(n, EffectiveLaw.Of(model, optimizer).Loss(n, d)) : double.NaN;
    }

    /// <summary>The saving at one place; null where the law, or too many of its draws, see no effect of
    /// tokens.</summary>
    private static TokenAdvantage? At(LawFit fit, BootstrapResult bootstrap, int optimizer, double n, double d,
        bool isExtrapolated)
    {
        double[] draws =
            [.. bootstrap.Models.Select(model => ShareOf(model, optimizer, n, d)).Where(double.IsFinite).Order()];
        var share = ShareOf(fit.Model, optimizer, n, d);
        if (!double.IsFinite(share) || draws.Length < (1 - MostUndefined) * bootstrap.Replicates) return null;
        var (low, high) = DrawStatistics.Interval(draws, bootstrap.Confidence);
        return new(
            fit.Model.Optimizers[optimizer], n, d, share, low, high, bootstrap.Confidence,
            TimePerToken(fit, optimizer, n),
            isExtrapolated);
    }

    private static double? TimePerToken(LawFit fit, int optimizer, double n)
    {
        double? own = Median(fit.Model.Optimizers[optimizer]), reference = Median(fit.Reference);
        return own / reference;

        double? Median(string name)
        {
            var timed = fit.Prepared.Rows.Where(row => row.Optimizer == name && row.Seconds > 0).ToList();
            if (timed.Count == 0) return null;
            var nearest = timed.MinBy(row => Math.Abs(Math.Log(row.N / n)))!.N;
            var rates = timed.Where(row => row.N == nearest).Select(row => row.Seconds!.Value / row.D).Order().ToList();
            return rates[(rates.Count - 1) / 2];
        }
    }
}
