using PretrainBench.Core;
namespace PretrainBench.Analysis.Forecasting;

/// <summary>Says up to which scale an advantage is resolved.</summary>
internal static class AdvantageStatement
{
    public static AdvantageForecast Create(
        string optimizer, string over, double ratio, List<AdvantagePoint> points, DataRange range, double? noise, double confidence)
    {
        var first = points.FindIndex(point => point.Resolved);
        var sign = first < 0 ? 0 : Math.Sign(points[first].LossGain.Value);
        var last = first;
        while (first >= 0 && last + 1 < points.Count && points[last + 1].Resolved && Math.Sign(points[last + 1].LossGain.Value) == sign) last++;
        var resolved = first < 0 ? double.NaN : points[last].N;
        return new(optimizer, over, ratio, points, resolved, Words(optimizer, over, ratio, points, first, last, range, noise, confidence));
    }

    private static string Words(
        string optimizer, string over, double ratio, List<AdvantagePoint> points, int first, int last, DataRange range, double? noise, double confidence)
    {
        var measure = noise == null ? $"{confidence:P0} interval" : $"{confidence:P0} interval and two deviations of seed noise ({noise.Value.Rounded(2)} nats)";
        if (first < 0) return $"At {ratio.Rounded(3)} tokens per parameter, the difference between {optimizer} and {over} is not resolved at any scale ({measure}).";
        var (start, end) = (points[first], points[last]);
        var (better, worse) = start.LossGain.Value > 0 ? (optimizer, over) : (over, optimizer);
        var gain = $"{Math.Abs(start.LossGain.Value):F4} nats at N = {start.N.Rounded(3)} to {Math.Abs(end.LossGain.Value):F4} at N = {end.N.Rounded(3)}";
        var text = $"At {ratio.Rounded(3)} tokens per parameter, {better} is better than {worse}: {gain}";
        text += last + 1 < points.Count
            ? $". From N = {(points[last + 1].N).Rounded(3)} on the advantage is no longer resolved ({measure})"
            : $", the largest scale asked for, and resolved throughout ({measure})";
        return text + (end.N > range.N.High * 1.001 ? $". The largest run has N = {range.N.High.Rounded(3)}; beyond it this assumes that the law goes on to hold." : ".");
    }
}
