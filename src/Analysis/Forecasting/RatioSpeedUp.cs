using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>A speed-up at one size and ratio.</summary>
/// <param name="Ratio">Tokens of the faster optimizer, in units of 20 for each parameter.</param>
/// <param name="BaselineRatio">The ratio at which the baseline's curve reaches that loss; infinite when it never
/// does.</param>
/// <param name="SpeedUp">Baseline ratio divided by ratio.</param>
/// <param name="Extrapolated">Whether the baseline's ratio lies beyond those that its curve was fitted to.</param>
public sealed record SpeedUpPoint(
    string Size, double N, double Ratio, double Loss, double BaselineRatio, double SpeedUp, bool Extrapolated);

/// <summary>The speed-up procedure of Wen et al. (arXiv 2509.02046): for each size the baseline's losses are fitted by
/// L = a r^−b + c over the ratio r = D / (20 N), the curve is inverted at the other optimizer's loss, and the ratio
/// found is divided by the one that it used. It needs no law across sizes, and no uncertainty comes out of
/// it.</summary>
public static class RatioSpeedUp
{
    /// <summary>Chinchilla's tokens for each parameter: ratio 1.</summary>
    public const double TokensPerParameter = 20;

    /// <summary>The largest ratio that the authors fit and invert.</summary>
    public const double DefaultLargestRatio = 8;

    /// <summary>Speed-ups of one optimizer over another.</summary>
    /// <param name="baseline">The optimizer whose curve is inverted.</param>
    /// <param name="largestRatio">Runs above this ratio are not used.</param>
    /// <returns>One entry for each size and ratio, smallest size first.</returns>
    /// <exception cref="UserException">No size has three ratios of the baseline.</exception>
    public static IReadOnlyList<SpeedUpPoint> Of(RunTable table, string optimizer, string baseline,
        double largestRatio = DefaultLargestRatio)
    {
        var points = new List<SpeedUpPoint>();
        foreach (var size in table.Sizes)
        {
            var reference = Runs(table, size, baseline, largestRatio);
            if (reference.Select(row => Ratio(row)).Distinct().Count() < 3) continue;
            var curve = RatioCurve.Fit([.. reference.Select(Ratio)], [.. reference.Select(row => row.Loss)]);
            foreach (var row in Runs(table, size, optimizer, largestRatio).OrderBy(Ratio))
            {
                var needed = curve.RatioFor(row.Loss);
                points.Add(
                    new(size, row.N, Ratio(row), row.Loss, needed, needed / Ratio(row),
                        needed > reference.Max(Ratio) * 1.001));
            }
        }
        return points.Count > 0 ? points : throw new UserException(
            $"The speed-up of '{optimizer}' over '{baseline}' needs a size with at least three "
            + $"tokens-per-parameter ratios of '{baseline}' and runs of '{optimizer}'; the table has none.");
    }

    private static double Ratio(RunRow row) => row.D / (TokensPerParameter * row.N);

    private static List<RunRow> Runs(RunTable table, string size, string optimizer, double largest)
        => [.. table.Rows.Where(row => row.Size == size
            && row.Optimizer.Equals(optimizer, StringComparison.OrdinalIgnoreCase) && Ratio(row) <= largest * 1.01)];
}
