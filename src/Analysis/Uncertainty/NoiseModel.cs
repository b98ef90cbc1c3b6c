using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>
/// The noise of final losses around a law, in parts: one of each run, and one that all runs of a cell, or of a trunk,
/// share. The variances follow from the residuals' mean squares between and within groups, set equal to what they
/// expect after the fit (Henderson's method 3; Searle, Casella and McCulloch 1992, chapter 5).
/// </summary>
internal sealed class NoiseModel
{
    // Fewer degrees of freedom within groups do not tell what is shared from what is not.
    private const int LeastFreedom = 2;

    private readonly NoiseTrend _trend;
    private readonly SharedNoise[] _shared;
    private readonly double[] _squares, _freedom;
    private readonly Matrix<double> _expectation;

    private NoiseModel(NoiseTrend trend, double[] residuals, Matrix<double> basis, SharedNoise[] shared)
    {
        (_trend, _shared) = (trend, shared);
        var freedom = (double)Math.Max(residuals.Length - basis.ColumnCount, 1);
        double[] ofParts = [.. shared.Select(part => part.Squares)];
        _squares = [residuals.Sum(r => r * r) - ofParts.Sum(), .. ofParts];
        _freedom = [freedom - shared.Sum(part => part.Freedom), .. shared.Select(part => (double)part.Freedom)];
        // Row 0: what no part takes; then the squares of each part.
        _expectation = Matrix<double>.Build.Dense(shared.Length + 1, shared.Length + 1, (k, l) =>
            l == 0 ? _freedom[k]
            : k > 0 ? shared[k - 1].Multiplicity(shared[l - 1])
            : shared[l - 1].TotalMultiplicity(basis) - shared.Sum(part => part.Multiplicity(shared[l - 1])));
    }

    /// <summary>The variance of the part of each run and of each shared part, nats² per token².</summary>
    public (double Run, double Cell, double Trunk) Variances
    {
        get
        {
            double[] variances = [.. Solve(_squares).Select(variance => Math.Max(variance, 0))];
            double Of(NoiseGroup group)
                => _shared.Select((part, k) => part.Group == group ? variances[k + 1] : 0).Sum();
            return (variances[0], Of(NoiseGroup.Cell), Of(NoiseGroup.Trunk));
        }
    }

    /// <summary>The probability of squares between groups as large as these if nothing were shared; 1 where nothing can
    /// be told to be.</summary>
    public double SharedProbability
    {
        get
        {
            if (_shared.Length == 0) return 1;
            var (squares, freedom) = (_squares.Skip(1).Sum(), _freedom.Skip(1).Sum());
            var within = Math.Max(_squares[0] / _freedom[0], 1e-300);
            return 1 - FisherSnedecor.CDF(freedom, _freedom[0], squares / freedom / within);
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
        return new(trend, scaled, basis, Parts(rows, scaled, basis));
    }

    // Trunks first: their runs are of one optimizer, so that cells still differ where trunks are removed.
    private static SharedNoise[] Parts(IReadOnlyList<RunRow> rows, double[] residuals, Matrix<double> basis)
    {
        var parts = new List<SharedNoise>();
        var (taken, left) = (basis, rows.Count - basis.ColumnCount);
        void Add(NoiseGroup group, int[] groupOf)
        {
            var part = new SharedNoise(group, groupOf, residuals, taken);
            if (part.Freedom == 0 || left - part.Freedom < LeastFreedom) return;
            parts.Add(part);
            (taken, left) = (part.With(taken), left - part.Freedom);
        }
        if (rows.Any(row => row.Trunk.Length > 0)) Add(NoiseGroup.Trunk, Trunks.Of(rows));
        Add(NoiseGroup.Cell, Cells.Of(rows));
        return [.. parts];
    }

    /// <summary>
    /// Noise of every run. The variances are drawn too, each mean square from what it says of its expectation, so that
    /// intervals from few runs are as wide as Student's. Where groups are drawn to differ by less than their runs alone
    /// would make them, they do: without it what groups share would never be too small and half of the time too large.
    /// </summary>
    public double[] Draw(Random random)
    {
        var variances = Solve([.. _squares.Zip(_freedom, (squares, freedom)
            => squares * freedom / ChiSquared.Sample(random, freedom))]);
        var scale = _trend.DrawScale(random);
        var noise = new double[scale.Length];
        var own = Math.Max(variances[0], 0);
        Normal.Samples(random, noise, 0, Math.Sqrt(own));
        for (var k = 0; k < _shared.Length; k++)
        {
            if (variances[k + 1] < 0)
            {
                _shared[k].DrawTogether(noise, own > 0 ? -variances[k + 1] / own : 0);
                continue;
            }
            var effects = new double[_shared[k].Groups];
            Normal.Samples(random, effects, 0, Math.Sqrt(variances[k + 1]));
            for (var i = 0; i < noise.Length; i++) noise[i] += effects[_shared[k].GroupOf[i]];
        }
        for (var i = 0; i < noise.Length; i++) noise[i] *= scale[i];
        return noise;
    }

    private double[] Solve(double[] squares)
        => [.. _expectation.Solve(Vector<double>.Build.Dense(squares))];
}
