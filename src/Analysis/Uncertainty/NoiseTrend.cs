using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>
/// How the noise's deviation changes with size and tokens, log σ = c + g · (log N, log D): restricted maximum
/// likelihood (Harville 1977), which allows for what the fit took from the residuals, with a prior on g that holds
/// a threefold change over the table's range for usual. What the residuals leave in doubt is drawn.
/// </summary>
internal sealed class NoiseTrend
{
    private const int Rounds = 30;
    private const double Step = 1e-3;
    private const int FewestRuns = 8;
    private static readonly double UsualLog = Math.Log(3);
    private static readonly double MostLog = Math.Log(20);

    // What a trend is drawn from; null where the deviations are known.
    private readonly (Matrix<double> Design, Vector<double> Slope, Matrix<double> Spread)? _likely;

    private NoiseTrend(double[] scale) => Scale = scale;

    private NoiseTrend(Matrix<double> design, Vector<double> slope, Matrix<double> spread)
        : this(Relative(design * slope, MostLog)) => _likely = (design, slope, spread);

    /// <summary>Each run's deviation relative to their root mean square, at the likeliest trend.</summary>
    public double[] Scale { get; }

    /// <summary>Deviations that are known, and nothing to draw.</summary>
    public static NoiseTrend Known(double[] scale) => new(scale);

    /// <summary>The trend of a fit's residuals.</summary>
    /// <param name="basis">An orthonormal basis of the fit's derivatives, one row for each run.</param>
    public static NoiseTrend Of(IReadOnlyList<RunRow> rows, double[] residuals, Matrix<double> basis)
    {
        var design = Matrix<double>.Build.Dense(rows.Count, 2, (i, k) => Math.Log(k == 0 ? rows[i].N : rows[i].D));
        for (var k = 0; k < 2; k++)
        {
            var (low, high) = (design.Column(k).Minimum(), design.Column(k).Maximum());
            design.SetColumn(k, (design.Column(k) - design.Column(k).Average()) / Math.Max(high - low, 1e-9));
        }
        // Derivatives that span nothing, as those of absurd losses, take nothing from the residuals: no trend is told.
        var tells = rows.Count - basis.ColumnCount >= FewestRuns && basis.ColumnNorms(2).Minimum() > 0.5
            && residuals.Sum(r => r * r) > 1e-30 * residuals.Length;
        var likelihood = new RestrictedLikelihood(design, Vector<double>.Build.Dense(residuals), basis);
        if (!tells || !double.IsFinite(likelihood.Log(Vector<double>.Build.Dense(2))))
            return Known([.. Enumerable.Repeat(1.0, rows.Count)]);
        var (slope, spread) = Maximum(g => likelihood.Log(g) - g * g / (2 * UsualLog * UsualLog));
        return new(design, slope, spread);
    }

    /// <summary>Each run's relative deviation at a trend that the residuals leave possible.</summary>
    public double[] DrawScale(Random random)
    {
        if (_likely is not { } likely) return Scale;
        var normal = new double[2];
        Normal.Samples(random, normal, 0, 1);
        return Relative(likely.Design * (likely.Slope + likely.Spread * Vector<double>.Build.Dense(normal)), MostLog);
    }

    /// <summary>Deviations relative to their root mean square.</summary>
    /// <param name="trend">Their logarithms.</param>
    /// <param name="most">Logarithms beyond this are cut.</param>
    internal static double[] Relative(IEnumerable<double> trend, double most)
    {
        double[] logs = [.. trend.Select(log => Math.Clamp(log, -most, most))];
        var mean = Math.Sqrt(logs.Average(log => Math.Exp(2 * log)));
        return [.. logs.Select(log => Math.Exp(log) / mean)];
    }

    // Newton's method by differences; the prior keeps the curvature negative near the maximum.
    private static (Vector<double> At, Matrix<double> Spread) Maximum(Func<Vector<double>, double> objective)
    {
        var at = Vector<double>.Build.Dense(2);
        var value = objective(at);
        var spread = Matrix<double>.Build.DenseIdentity(2);
        for (var round = 0; round < Rounds; round++)
        {
            double Moved(double first, double second)
                => objective(at + Vector<double>.Build.Dense([first * Step, second * Step]));
            double right = Moved(1, 0), left = Moved(-1, 0), up = Moved(0, 1), down = Moved(0, -1);
            var gradient = Vector<double>.Build.Dense([right - left, up - down]) / (2 * Step);
            var mixed = (Moved(1, 1) - right - up + 2 * value - left - down + Moved(-1, -1)) / 2;
            var curvature = Matrix<double>.Build.DenseOfArray(new[,]
            {
                { 2 * value - right - left, -mixed }, { -mixed, 2 * value - up - down },
            }) / (Step * Step);
            var eigen = curvature.Evd(Symmetricity.Symmetric);
            var positive = eigen.EigenValues.Map(v => Math.Max(v.Real, 1 / (UsualLog * UsualLog)));
            spread = eigen.EigenVectors * Matrix<double>.Build.DiagonalOfDiagonalVector(1 / positive.PointwiseSqrt());
            var step = spread * (spread.TransposeThisAndMultiply(gradient));
            var share = 1.0;
            for (; share > 1e-3 && objective(at + share * step) < value; share /= 2) { }
            at += share * step;
            value = objective(at);
            if ((share * step).InfinityNorm() < 1e-4) break;
        }
        return (at, spread);
    }

    // The likelihood of what the fit left, the deviation's level profiled out.
    private sealed class RestrictedLikelihood(Matrix<double> design, Vector<double> residuals, Matrix<double> basis)
    {
        public double Log(Vector<double> slope)
        {
            var logs = design * slope;
            var weights = logs.Map(log => Math.Exp(-2 * log));
            var weighted = Matrix<double>.Build.DenseOfRowVectors(
                basis.EnumerateRows().Zip(weights, (row, weight) => row * weight));
            var factor = basis.TransposeThisAndMultiply(weighted).Cholesky();
            var taken = weighted.TransposeThisAndMultiply(residuals);
            var squares = residuals.PointwiseMultiply(residuals) * weights - taken * factor.Solve(taken);
            return -0.5 * ((residuals.Count - basis.ColumnCount) * Math.Log(Math.Max(squares, 1e-300))
                + factor.DeterminantLn) - logs.Sum();
        }
    }
}
