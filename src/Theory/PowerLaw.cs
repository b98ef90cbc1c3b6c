using MathNet.Numerics.LinearRegression;

namespace PretrainBench.Theory;

/// <summary>Power laws y ∝ x^slope.</summary>
internal static class PowerLaw
{
    /// <summary>The slope by ordinary least squares in the logarithms.</summary>
    /// <exception cref="ArgumentException">Fewer than two points, or a value that is not positive and
    /// finite.</exception>
    public static double SlopeOf(double[] x, double[] y)
    {
        foreach (var value in x.Concat(y).Where(value => !(value > 0 && double.IsFinite(value))))
            throw new ArgumentException($"A power law needs positive finite values, not {value}.", nameof(y));
        return SimpleRegression.Fit(Array.ConvertAll(x, Math.Log), Array.ConvertAll(y, Math.Log)).Item2;
    }
}
