using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>The advantage of one optimizer at one scale.</summary>
/// <param name="LossGain">The other's loss minus this one's.</param>
/// <param name="Resolved">Whether it differs from zero, all claims of the forecast asked at once, and exceeds seed
/// noise.</param>
public sealed record AdvantagePoint(double N, double D, Estimate LossGain, bool Resolved);

/// <summary>How an advantage changes with scale, and up to which scale it is resolved.</summary>
/// <param name="TokensPerParameter">The ratio D / N along which scale grows.</param>
/// <param name="LastResolvedN">The largest N up to which the advantage is resolved without a gap; NaN when it never
/// is.</param>
/// <param name="Statement">The same in words.</param>
public sealed record AdvantageForecast(
    string Optimizer, string Over, double TokensPerParameter, IReadOnlyList<AdvantagePoint> Points,
    double LastResolvedN,
    string Statement)
{
    internal static AdvantageForecast Of(
        string optimizer, string over, double ratio, List<AdvantagePoint> points,
        (double N, double D) trained, double? noise, double confidence)
    {
        var first = points.FindIndex(point => point.Resolved);
        var asked = $"{confidence.Percent()}, all optimizers and sizes asked at once";
        var measure = noise is { } sigma
            ? $"{asked}, and two deviations of seed noise, {sigma.Rounded(2)} nats"
            : asked;
        if (first < 0)
            return new(optimizer, over, ratio, points, double.NaN,
                $"At {ratio.Rounded(3)} tokens per parameter, the difference between {optimizer} and {over} is not "
                + $"resolved at any scale ({measure}).");
        var sign = Math.Sign(points[first].LossGain.Value);
        var last = points.FindIndex(first, point => !point.Resolved || Math.Sign(point.LossGain.Value) != sign) - 1;
        if (last < 0) last = points.Count - 1;
        var beyond = Math.Max(points[last].N / trained.N, points[last].D / trained.D);
        var (better, worse) = sign > 0 ? (optimizer, over) : (over, optimizer);
        var statement = $"At {ratio.Rounded(3)} tokens per parameter, {better} is better than {worse}: "
            + $"{Math.Abs(points[first].LossGain.Value).Fixed(4)} nats at N = {points[first].N.Rounded(3)} to "
            + $"{Math.Abs(points[last].LossGain.Value).Fixed(4)} at N = {points[last].N.Rounded(3)}"
            + (last + 1 < points.Count
                ? $". From N = {points[last + 1].N.Rounded(3)} on the advantage is no longer resolved ({measure})"
                : $", the largest scale looked at, and resolved throughout ({measure})")
            + (beyond > Cells.Tolerance
                ? $". The runs of both reach N = {trained.N.Rounded(3)} and D = {trained.D.Rounded(3)}; beyond, here "
                    + $"up to {beyond.Rounded(2)} times, this assumes that the law goes on to hold."
                : ".");
        return new(optimizer, over, ratio, points, points[last].N, statement);
    }
}
