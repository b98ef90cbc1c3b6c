using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>The range of sizes and tokens that one optimizer was trained at.</summary>
internal sealed class DataRange
{
    private readonly string _optimizer;

    private DataRange(string optimizer, List<RunRow> rows)
    {
        _optimizer = optimizer;
        Sizes = Cells.Distinct(rows.Select(row => row.N));
        N = (rows.Min(row => row.N), rows.Max(row => row.N));
        D = (rows.Min(row => row.D), rows.Max(row => row.D));
        TokensPerParameter = (rows.Min(row => row.D / row.N), rows.Max(row => row.D / row.N));
    }

    /// <summary>The different sizes, smallest first.</summary>
    public IReadOnlyList<double> Sizes { get; }

    public (double Low, double High) N { get; }

    public (double Low, double High) D { get; }

    public (double Low, double High) TokensPerParameter { get; }

    /// <summary>The sizes that another optimizer was trained at too, smallest first.</summary>
    public IReadOnlyList<double> CommonSizes(DataRange other)
        => [.. other.Sizes.Where(n => Sizes.Any(own => Cells.AreEqual(own, n)))];

    /// <summary>Whether no run, of any size, has so few or so many tokens per parameter.</summary>
    public bool IsOutsideRatios(double ratio)
        => ratio < TokensPerParameter.Low / Cells.Tolerance || ratio > TokensPerParameter.High * Cells.Tolerance;

    public static DataRange Of(IReadOnlyList<RunRow> rows, string optimizer)
        => new(optimizer, [.. rows.Where(row => row.Optimizer == optimizer)]);

    /// <summary>The largest factor by which a point leaves the range; 1 inside.</summary>
    public double Beyond(double n, double d)
        => new[] { 1, n / N.High, N.Low / n, d / D.High, D.Low / d }.Where(double.IsFinite).DefaultIfEmpty(1).Max();

    /// <summary>A warning for a point outside; null inside.</summary>
    public Finding? Warn(double n, double d)
    {
        return Beyond(n, d) <= Cells.Tolerance ? null : new(Severity.Warning, "extrapolation",
            $"{Outside(n, d)}. Intervals assume that the law goes on to hold there.");
    }

    /// <summary>Where a point outside lies, with its factors.</summary>
    public string Outside(double n, double d)
        => $"N = {n.Rounded(3)}, D = {d.Rounded(3)} is outside {_optimizer}'s runs: "
            + string.Join(", ", new[] { Part("N", n, N), Part("D", d, D) }.OfType<string>());

    private static string? Part(string name, double value, (double Low, double High) range)
        => value > range.High * Cells.Tolerance
        ? $"{name} is {(value / range.High).Rounded(3)} times the largest run's ({range.High.Rounded(3)})"
            : value < range.Low / Cells.Tolerance
            ? $"{name} is {(range.Low / value).Rounded(3)} times below the smallest run's ({range.Low.Rounded(3)})"
            : null;
}
