namespace PretrainBench.Reports.Charts;

/// <summary>Values on a rectangular grid of places.</summary>
internal sealed record ChartGrid
{
    /// <summary>Creates the grid by evaluating a function at every place.</summary>
    /// <param name="xs">The places along the horizontal axis, ascending.</param>
    /// <param name="ys">The places along the vertical axis, ascending.</param>
    /// <param name="value">The value at (x, y); NaN where there is none.</param>
    public ChartGrid(IReadOnlyList<double> xs, IReadOnlyList<double> ys, Func<double, double, double> value)
    {
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
}
