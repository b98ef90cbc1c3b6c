namespace PretrainBench.Theory;

/// <summary>A power law y = Prefactor · x^Slope, fitted by ordinary least squares in the logarithms.</summary>
/// <param name="Slope">The exponent.</param>
/// <param name="Prefactor">The value at x = 1.</param>
/// <param name="RSquared">Share of the variance of log y that the line explains.</param>
public readonly record struct PowerLawFit(double Slope, double Prefactor, double RSquared)
{
    /// <summary>Fits positive values; a pair with a value that is not positive and finite is an error of the caller.</summary>
    /// <param name="x">Positions, positive, at least two different ones.</param>
    /// <param name="y">Values, positive.</param>
    /// <exception cref="ArgumentException">Fewer than two points, or a value that is not positive and finite.</exception>
    public static PowerLawFit Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y)
    {
        if (x.Length != y.Length || x.Length < 2) throw new ArgumentException("A slope needs two points or more.", nameof(x));
        double meanX = 0, meanY = 0;
        for (var i = 0; i < x.Length; i++)
        {
            if (!(x[i] > 0 && y[i] > 0 && double.IsFinite(x[i]) && double.IsFinite(y[i])))
                throw new ArgumentException($"A power law needs positive finite values, not ({x[i]}, {y[i]}).", nameof(y));
            meanX += Math.Log(x[i]) / x.Length;
            meanY += Math.Log(y[i]) / x.Length;
        }
        double xx = 0, xy = 0, yy = 0;
        for (var i = 0; i < x.Length; i++)
        {
            double u = Math.Log(x[i]) - meanX, v = Math.Log(y[i]) - meanY;
            xx += u * u;
            xy += u * v;
            yy += v * v;
        }
        var slope = xy / xx;
        return new PowerLawFit(slope, Math.Exp(meanY - slope * meanX), yy > 0 ? xy * xy / (xx * yy) : 1);
    }

    /// <summary>Positions spaced evenly in the logarithm, both ends included.</summary>
    public static double[] LogSpaced(double first, double last, int count)
    {
        var values = new double[count];
        for (var i = 0; i < count; i++) values[i] = first * Math.Pow(last / first, count == 1 ? 0 : (double)i / (count - 1));
        return values;
    }
}
