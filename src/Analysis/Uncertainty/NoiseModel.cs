using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>
/// The noise of final losses around a law, in parts: one of each run, and one that all runs of a cell, or of a trunk,
/// share. The variances follow from the residuals' mean squares between and within groups, set equal to what they
/// expect after the fit (analysis of variance, method of moments; Searle, Casella and McCulloch 1992, chapter 5).
/// </summary>
internal sealed class NoiseModel
{
    // Fewer degrees of freedom within groups do not tell what is shared from what is not.
    private const double LeastFreedom = 2;

    private readonly NoiseTrend _trend;
    private readonly SharedNoise[] _shared;
    private readonly double[] _squares, _freedom;
    private readonly Matrix<double> _expectation;

    private NoiseModel(NoiseTrend trend, double squares, double freedom, SharedNoise[] shared)
    {
        (_trend, _shared) = (trend, shared);
        _squares = [squares - shared.Sum(part => part.Squares), .. shared.Select(part => part.Squares)];
        _freedom = [freedom - shared.Sum(part => part.Freedom), .. shared.Select(part => part.Freedom)];
        // Row 0: what is left within groups; then the squares between the groups of each part.
        _expectation = Matrix<double>.Build.Dense(shared.Length + 1, shared.Length + 1, (k, l) =>
            l == 0 ? _freedom[k]
            : k > 0 ? shared[k - 1].Multiplicity(shared[l - 1])
            : shared[l - 1].TotalMultiplicity - shared.Sum(part => part.Multiplicity(shared[l - 1])));
    }

    /// <summary>The variance of the part of each run and of each shared part, nats² per token².</summary>
    public (double Run, double Cell, double Trunk) Variances
    {
        get
        {
            var variances = Solve(_squares);
            double Of(NoiseGroup group)
                => _shared.Select((part, k) => part.Group == group ? variances[k + 1] : 0).Sum();
            return (variances[0], Of(NoiseGroup.Cell), Of(NoiseGroup.Trunk));
        }
    }

    /// <summary>Groups of the shared part that has fewest; null when nothing can be told to be shared.</summary>
    public int? FewestGroups => _shared.Length == 0 ? null : _shared.Min(part => part.Groups);

    public static NoiseModel Of(LawFit fit)
    {
        var rows = fit.Prepared.Rows;
        var basis = FitJacobian.Basis(fit);
        double[] residuals = [.. fit.Points.Select(point => point.Residual)];
        // Weighted runs have their deviations already.
        var trend = fit.Prepared.Options.Weights == RunWeights.Variance
            ? NoiseTrend.Known([.. fit.Prepared.Weights.Select(weight => 1 / Math.Sqrt(weight))])
            : NoiseTrend.Of(rows, residuals, basis);
        var scale = trend.Scale;
        double[] scaled = [.. residuals.Zip(scale, (residual, size) => residual / size)];
        var (squares, freedom) = (scaled.Sum(r => r * r), (double)Math.Max(rows.Count - basis.ColumnCount, 1));
        List<SharedNoise> shared = [new(NoiseGroup.Cell, Cells.Of(rows), scaled, basis)];
        if (rows.Any(row => row.Trunk.Length > 0)) shared.Add(new(NoiseGroup.Trunk, Trunks.Of(rows), scaled, basis));
        shared.RemoveAll(part => part.Freedom < 1);
        var tells = freedom - shared.Sum(part => part.Freedom) >= LeastFreedom
            && squares > shared.Sum(part => part.Squares);
        return new(trend, squares, freedom, tells ? [.. shared] : []);
    }

    /// <summary>
    /// Noise of every run. The variances are drawn too, each mean square from what it says of its expectation, so that
    /// intervals from few runs are as wide as Student's.
    /// </summary>
    public double[] Draw(Random random)
    {
        var variances = Solve([.. _squares.Zip(_freedom, (squares, freedom)
            => squares * freedom / ChiSquared.Sample(random, freedom))]);
        var scale = _trend.DrawScale(random);
        var noise = new double[scale.Length];
        Normal.Samples(random, noise, 0, Math.Sqrt(variances[0]));
        for (var k = 0; k < _shared.Length; k++)
        {
            var effects = new double[_shared[k].Groups];
            Normal.Samples(random, effects, 0, Math.Sqrt(variances[k + 1]));
            for (var i = 0; i < noise.Length; i++) noise[i] += effects[_shared[k].GroupOf[i]];
        }
        for (var i = 0; i < noise.Length; i++) noise[i] *= scale[i];
        return noise;
    }

    private double[] Solve(double[] squares)
        => [.. _expectation.Solve(Vector<double>.Build.Dense(squares)).Select(variance => Math.Max(variance, 0))];
}
