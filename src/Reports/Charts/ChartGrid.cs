namespace PretrainBench.Reports.Charts;

/// <summary>Values on a rectangular grid of places.</summary>
public sealed record ChartGrid
{
    /// <summary>Creates the grid by evaluating a function at every place.</summary>
    /// <param name="xs">The places along the horizontal axis, ascending.</param>
    /// <param name="ys">The places along the vertical axis, ascending.</param>
    /// <param name="value">The value at (x, y); NaN where there is none.</param>
    public ChartGrid(IReadOnlyList<double> xs, IReadOnlyList<double> ys, Func<double, double, double> value)
    {
        ArgumentNullException.ThrowIfNull(xs);
        ArgumentNullException.ThrowIfNull(ys);
        ArgumentNullException.ThrowIfNull(value);
        Xs = xs;
        Ys = ys;
        var values = new double[xs.Count, ys.Count];
        for (var i = 0; i < xs.Count; i++)
            for (var j = 0; j < ys.Count; j++) values[i, j] = value(xs[i], ys[j]);
        Values = values;
    }

    /// <summary>The places along the horizontal axis, ascending.</summary>
    public IReadOnlyList<double> Xs { get; }

    /// <summary>The places along the vertical axis, ascending.</summary>
    public IReadOnlyList<double> Ys { get; }

    internal double[,] Values { get; }

    /// <summary>Places with equal ratios between neighbours, for logarithmic axes.</summary>
    /// <param name="low">The first, positive.</param>
    /// <param name="high">The last.</param>
    /// <param name="count">How many, at least 2.</param>
    public static double[] Geometric(double low, double high, int count)
        => [.. Enumerable.Range(0, count).Select(i => low * Math.Pow(high / low, (double)i / (count - 1)))];

    /// <summary>Places with equal differences between neighbours, for linear axes.</summary>
    /// <param name="low">The first.</param>
    /// <param name="high">The last.</param>
    /// <param name="count">How many, at least 2.</param>
    public static double[] Even(double low, double high, int count)
        => [.. Enumerable.Range(0, count).Select(i => low + (high - low) * i / (count - 1))];
}
