using PretrainBench.Core;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>The range of sizes and tokens that a law was fitted to.</summary>
internal sealed class DataRange(IReadOnlyList<RunRow> rows)
{
    /// <summary>Smallest and largest N.</summary>
    public (double Low, double High) N { get; } = (rows.Min(row => row.N), rows.Max(row => row.N));

    /// <summary>Smallest and largest D.</summary>
    public (double Low, double High) D { get; } = (rows.Min(row => row.D), rows.Max(row => row.D));

    /// <summary>The largest factor by which a point leaves the range; 1 inside.</summary>
    public double Beyond(double n, double d)
        => new[] { 1, n / N.High, N.Low / n, d / D.High, D.Low / d }.Where(double.IsFinite).DefaultIfEmpty(1).Max();

    /// <summary>A warning for a point outside; null inside.</summary>
    public Finding? Warn(double n, double d)
    {
        var parts = new List<string>();
        Part("N", n, N, parts);
        Part("D", d, D, parts);
        return parts.Count == 0
            ? null
            : new(Severity.Warning, "extrapolation",
                $"N = {n.Rounded(3)}, D = {d.Rounded(3)} is outside the data: {string.Join(", ", parts)}. "
            + "Intervals assume that the law goes on to hold there.");
    }

    private static void Part(string name, double value, (double Low, double High) range, List<string> parts)
    {
        if (value > range.High * 1.001)
            parts.Add($"{name} is {(value / range.High).Rounded(3)} times the largest run's ({range.High.Rounded(3)})");
        if (value < range.Low / 1.001)
            parts.Add(
                $"{name} is {(range.Low / value).Rounded(3)} times below the smallest run's ({range.Low.Rounded(3)})");
    }
}
