using MathNet.Numerics.LinearAlgebra;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tests.Simulation;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Tests.Uncertainty;

public class NoiseModelTests
{
    private const int Tables = 200;

    private static (double Run, double Cell, double Trunk) MeanVariances(SimulatedNoise noise)
    {
        var truth = new SimulatedTables(noise, 4, 4, 5);
        var variances = Enumerable.Range(0, Tables).AsParallel()
            .Select(seed => NoiseModel.Of(
            Fitter.Fit(truth.Draw(seed), Fixtures.Law("shared"), new() { Threads = 1 })).Variances).ToList();
        var whole = truth.Deviation * truth.Deviation;
        return (variances.Average(v => v.Run) / whole, variances.Average(v => v.Cell) / whole,
            variances.Average(v => v.Trunk) / whole);
    }

    /// <summary>
    /// Means over 200 tables lie within five of their standard errors of the truth; clipping at zero costs a few per
    /// cent.
    /// </summary>
    [Theory]
    [InlineData(SimulatedNoise.Independent, 1, 0, 0)]
    [InlineData(SimulatedNoise.CellShared, 0.4, 0.6, 0)]
    [InlineData(SimulatedNoise.Trunk, 0.4, 0, 0.6)]
    public void Variances_of_every_part_are_found(SimulatedNoise noise, double run, double cell, double trunk)
    {
        var found = MeanVariances(noise);
        Assert.InRange(found.Run, run - 0.07, run + 0.07);
        Assert.InRange(found.Cell, cell - 0.1, cell + 0.1);
        Assert.InRange(found.Trunk, trunk - 0.1, trunk + 0.1);
    }

    [Fact]
    public void Draws_have_the_variances_and_are_shared_within_cells()
    {
        var truth = new SimulatedTables(SimulatedNoise.CellShared, 4, 4, 5);
        var fit = Fitter.Fit(truth.Draw(1), Fixtures.Law("shared"));
        var noise = NoiseModel.Of(fit);
        var draws = Enumerable.Range(0, 4000).Select(i => noise.Draw(new Random(i))).ToList();
        // Rows 0 and 16 are one cell of two optimizers; rows 0 and 1 are two cells.
        double Mean(int i, int j) => draws.Average(draw => draw[i] * draw[j]);
        Assert.InRange(Mean(0, 16) / Mean(0, 0), 0.3, 0.9);
        Assert.InRange(Mean(0, 1) / Mean(0, 0), -0.1, 0.1);
    }

    [Fact]
    public void Runs_that_share_no_cell_have_noise_of_their_own_alone()
    {
        var noise = NoiseModel.Of(Fitter.Fit(Fixtures.Synthetic(0.003, 1, 1), Fixtures.Law("per-optimizer")));
        Assert.Null(noise.FewestGroups);
        Assert.Equal(0, noise.Variances.Cell);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.125, 0.5)]
    [InlineData(0.25, 0)]
    [InlineData(7, 0)]
    public void Covariance_below_zero_draws_the_means_of_groups_together(double share, double left)
    {
        int[] groupOf = [0, 1, 0, 1, 0, 1, 0, 1];
        var part = new SharedNoise(NoiseGroup.Cell, groupOf, new double[8], Matrix<double>.Build.Dense(8, 1, 0));
        double[] before = [1, -2, 3, 5, -1, 0, 2, 7];
        double[] after = [.. before];
        part.DrawTogether(after, share);
        foreach (var group in new[] { 0, 1 })
        {
            double Mean(double[] noise) => noise.Where((_, i) => groupOf[i] == group).Average();
            Assert.Equal(Math.Sqrt(left) * Mean(before), Mean(after), 12);
            Assert.Equal(before[group] - Mean(before), after[group] - Mean(after), 12);
        }
    }
}
