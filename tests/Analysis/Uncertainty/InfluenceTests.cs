using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Tests.Uncertainty;

public class InfluenceTests
{
    [Fact]
    public void Separate_fits_of_real_data_have_correlations_above_99_hundredths()
    {
        var result = LeaveOneOut.Run(Fitter.Fit(Fixtures.AdamWMuon(), Fixtures.Law("per-optimizer")));
        Assert.Equal(36, result.Fits.Count);
        foreach (var optimizer in result.Summary)
        {
            Assert.True(optimizer.CorrelationAAlpha > 0.99, $"{optimizer}");
            Assert.True(optimizer.CorrelationBBeta > 0.99, $"{optimizer}");
        }
    }

    [Fact]
    public void A_few_points_of_the_chinchilla_data_move_beta_visibly()
    {
        var table = Fixtures.Chinchilla();
        var fit = Fitter.Fit(table, Fixtures.Law("per-optimizer"),
            new() { Solver = SolverKind.Huber, Starts = RobustStarts.FirstSolver });
        var result = Influence.Of(table, fit);
        var beta = result.Joint.Single(joint => joint.Parameter == "beta");
        Assert.InRange(beta.Runs.Count, 1, 5);
        Assert.True(beta.Full - beta.Without > 0.03, $"{beta}");
        Assert.Equal(6, result.Solvers.Count);
        Assert.Empty(result.ParameterCounts);
    }

    [Fact]
    public void Other_ways_of_counting_parameters_are_refitted()
    {
        var table = Fixtures.Synthetic(0, 1, 2);
        table = table.With(
            [.. table.Rows.Select(
                row => row with { NonEmbeddingParams = row.N, TotalParams = row.N + 4e4 * Math.Sqrt(row.N / 12) })]);
        var result = Influence.Of(table, Fitter.Fit(table, Fixtures.Law("shared")));
        Assert.Equal(["N = non_embedding_params", "N = total_params"],
            result.ParameterCounts.Select(fit => fit.Choice));
        Assert.Equal(0.35, result.ParameterCounts[0].Parameters[0].Alpha, 1e-6);
        Assert.True(result.ParameterCounts[1].Parameters[0].Alpha > 0.36);
    }
}
