using MathNet.Numerics.LinearRegression;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>L = a r^−b + c by least squares: at fixed b it is a straight line, so that only b is searched.</summary>
internal sealed record RatioCurve(double A, double B, double C)
{
    private const double Lowest = 0.01, Highest = 5;

    public static RatioCurve Fit(double[] ratios, double[] losses)
    {
        const int cells = 200;
        double best = double.PositiveInfinity, at = Lowest;
        double Exponent(double cell) => Lowest * Math.Pow(Highest / Lowest, cell / cells);
        for (var i = 0; i <= cells; i++)
        {
            var squares = Line(ratios, losses, Exponent(i)).Squares;
            if (squares < best) (best, at) = (squares, i);
        }
        double low = Math.Max(at - 1, 0), high = Math.Min(at + 1, cells);
        for (var round = 0; round < 80; round++)
        {
            double first = low + 0.381966 * (high - low), second = high - 0.381966 * (high - low);
            if (Line(ratios, losses, Exponent(first)).Squares < Line(ratios, losses, Exponent(second)).Squares)
                high = second;
            else low = first;
        }
        return Line(ratios, losses, Exponent(0.5 * (low + high))).Curve;
    }

    /// <summary>The ratio at which the curve reaches a loss; infinity when it never does.</summary>
    public double RatioFor(double loss)
        => loss > C && A > 0 ? Math.Pow((loss - C) / A, -1 / B) : double.PositiveInfinity;

    private static (double Squares, RatioCurve Curve) Line(double[] ratios, double[] losses, double exponent)
    {
        var x = ratios.Select(ratio => Math.Pow(ratio, -exponent)).ToArray();
        var (intercept, slope) = SimpleRegression.Fit(x, losses);
        var squares = x.Zip(losses, (at, loss) => Math.Pow(loss - intercept - slope * at, 2)).Sum();
        return (squares, new(slope, exponent, intercept));
    }
}
