namespace PretrainBench.Analysis.Uncertainty;

/// <summary>Sample statistics that several protocols share.</summary>
internal static class Statistics
{
    /// <summary>The quantile of sorted values, linear between order statistics (type 7 of Hyndman and Fan).</summary>
    public static double Quantile(double[] sorted, double probability)
    {
        if (sorted.Length == 0) return double.NaN;
        var position = probability * (sorted.Length - 1);
        var below = (int)position;
        return below + 1 >= sorted.Length ? sorted[^1] : sorted[below] + (position - below) * (sorted[below + 1] - sorted[below]);
    }

    /// <summary>The central interval and deviation of finite values; NaN when there are fewer than two.</summary>
    public static (double Low, double High, double Deviation, int Missing) Interval(IEnumerable<double> values, double confidence)
    {
        var all = values.ToArray();
        var finite = all.Where(double.IsFinite).Order().ToArray();
        var tail = (1 - confidence) / 2;
        return (Quantile(finite, tail), Quantile(finite, 1 - tail), Deviation(finite), all.Length - finite.Length);
    }

    /// <summary>Sample standard deviation.</summary>
    public static double Deviation(IReadOnlyCollection<double> values)
    {
        if (values.Count < 2) return double.NaN;
        var mean = values.Average();
        return Math.Sqrt(values.Sum(value => (value - mean) * (value - mean)) / (values.Count - 1));
    }

    /// <summary>Pearson's correlation; NaN when either does not vary.</summary>
    public static double Correlation(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        if (x.Count < 3) return double.NaN;
        double meanX = x.Average(), meanY = y.Average(), xy = 0, xx = 0, yy = 0;
        for (var i = 0; i < x.Count; i++)
        {
            xy += (x[i] - meanX) * (y[i] - meanY);
            xx += (x[i] - meanX) * (x[i] - meanX);
            yy += (y[i] - meanY) * (y[i] - meanY);
        }
        return xx > 0 && yy > 0 ? xy / Math.Sqrt(xx * yy) : double.NaN;
    }

    /// <summary>A standard normal draw (Box and Muller).</summary>
    public static double Normal(Random random)
        => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
