using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>What an optimizer saves at one scale, by the law: the tokens that it needs for a loss, as a share of the
/// tokens that the reference needs for the same loss at the same N. Below 1 the optimizer saves; 0 means that the
/// reference never gets there.</summary>
/// <param name="D">The optimizer's tokens.</param>
/// <param name="Share">Its tokens / the reference's tokens.</param>
/// <param name="Low">Lower end of the interval of the share.</param>
/// <param name="High">Upper end of the interval of the share.</param>
/// <param name="RelativeTimePerToken">
/// Measured training seconds per token over the reference's, optimizer step included, at the nearest size; null when
/// not measured.
/// </param>
/// <param name="IsExtrapolated">Whether N or D lies outside what this optimizer, or the reference, was trained
/// at.</param>
/// <param name="IsResolved">
/// Whether there is no doubt which of the two needs fewer tokens, all optimizers at this scale asked at once
/// (<see cref="SimultaneousTest"/>).
/// </param>
public sealed record TokenAdvantage(
    string Optimizer, double N, double D, double Share, double Low, double High, double Confidence,
        double? RelativeTimePerToken,
    bool IsExtrapolated, bool IsResolved)
{
    private const int ScanPoints = 33;
    private const double ScanFactor = 10;
    private const double MostUndefined = 0.05;

    // Where the reference never gets there, its share counts as a thousandth.
    private const double LeastShare = 1e-3;

    /// <summary>The reference's tokens / its tokens.</summary>
    public double SpeedUp => 1 / Share;

    /// <summary>Share of training time, where it was measured: the token share times the time per token.</summary>
    public double? TimeShare => Share * RelativeTimePerToken;

    /// <summary>Savings of every optimizer over sizes, at the table's median ratio of tokens to parameters.</summary>
    /// <returns>
    /// The sizes that both have runs of, and up to ten times beyond the largest of them; nothing where tokens have no
    /// effect.
    /// </returns>
    public static IReadOnlyList<TokenAdvantage> Of(LawFit fit, BootstrapResult bootstrap)
    {
        var ratio = MedianRatio(fit);
        var ranges = fit.Model.Optimizers.Select(name => DataRange.Of(fit.Prepared.Rows, name)).ToList();
        var reference = ranges[fit.Model.Reference];
        var places = new List<(int Optimizer, double N, bool IsExtrapolated)>();
        for (var o = 0; o < ranges.Count; o++)
        {
            var common = ranges[o].CommonSizes(reference);
            if (o == fit.Model.Reference || common.Count == 0) continue;
            bool Outside(double n)
                => new[] { ranges[o], reference }
                    .Any(own => own.Beyond(n, ratio * n) > Cells.Tolerance || own.IsOutsideRatios(ratio));
            places.AddRange(common.Select(n => (o, n, Outside(n))));
            places.AddRange(Enumerable.Range(1, ScanPoints)
                .Select(i => (o, common[^1] * Math.Pow(ScanFactor, (double)i / ScanPoints), true)));
        }
        return [.. places.GroupBy(place => place.N).SelectMany(same => At(fit, bootstrap, same.Key, ratio, [.. same]))
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
    /// <param name="over">The optimizer compared with; the reference when null.</param>
    internal static double ShareOf(LawModel model, int optimizer, double n, double d, int? over = null)
    {
        var reference = EffectiveLaw.Of(model, over ?? model.Reference);
        // Without a token term no number of tokens means anything; with one, the reference may still never get there.
        return reference.B > 0 ? d / reference.TokensFor(n, EffectiveLaw.Of(model, optimizer).Loss(n, d)) : double.NaN;
    }

    /// <summary>The logarithm of the share, finite where the share is a number.</summary>
    internal static double LogShareOf(LawModel model, int optimizer, double n, double d)
        => LogOf(ShareOf(model, optimizer, n, d));

    private static IEnumerable<TokenAdvantage> At(
        LawFit fit, BootstrapResult bootstrap, double n, double ratio,
        (int Optimizer, double N, bool IsExtrapolated)[] places)
    {
        var d = ratio * n;
        double[] shares = [.. places.Select(place => ShareOf(fit.Model, place.Optimizer, n, d))];
        var draws = places.Select(place => bootstrap.Models
            .Select(model => ShareOf(model, place.Optimizer, n, d)).ToArray()).ToList();
        var differ = SimultaneousTest.Differ(
            [.. shares.Select(LogOf)], [.. draws.Select(own => own.Select(LogOf).ToArray())], bootstrap.Confidence);
        for (var k = 0; k < places.Length; k++)
        {
            double[] defined = [.. draws[k].Where(double.IsFinite).Order()];
            // The law, or too many of its draws, see no effect of tokens.
            if (!double.IsFinite(shares[k]) || defined.Length < (1 - MostUndefined) * bootstrap.Replicates) continue;
            var (low, high) = DrawStatistics.Interval(defined, bootstrap.Confidence);
            var o = places[k].Optimizer;
            yield return new(fit.Model.Optimizers[o], n, d, shares[k], low, high, bootstrap.Confidence,
                TimePerToken(fit, o, n), places[k].IsExtrapolated, differ[k]);
        }
    }

    internal static double LogOf(double share) => Math.Log(Math.Max(share, LeastShare));

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
