using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Tests.Comparison;

public class CellComparisonTests
{
    private const string Header = "optimizer,n,tokens,loss,seed\n";

    [Fact]
    public void Differences_that_repeated_seeds_reach_by_luck_are_ties()
    {
        // Both cells have standard deviation sqrt(2) * 0.01 between two seeds; t at 97.5 % and two degrees of freedom
        // is 4.3027.
        var table = RunTableReader.Parse(Header +
            """
            adamw,1e6,2e7,3.00,1
            adamw,1e6,2e7,3.02,2
            muon,1e6,2e7,2.985,1
            muon,1e6,2e7,3.005,2
            adamw,4e6,8e7,2.60,1
            muon,4e6,8e7,2.50,1
            adamw,9e6,8e7,2.40,1
            """);
        var noise = LossNoise.Of(table, null)!;
        Assert.Equal((NoiseSource.Repeats, 2), (noise.Source, noise.DegreesOfFreedom));
        var cells = CellComparison.Of(table, "adamw", noise);
        Assert.Equal([CellOutcome.Tie, CellOutcome.Better], cells.Select(c => c.Outcome));
        Assert.Equal(-0.015, cells[0].Difference, 9);
        Assert.Equal(4.302653 * 0.01 * Math.Sqrt(2), cells[0].Threshold, 6);
        Assert.Equal(4.302653 * 0.02, cells[1].Threshold, 6);
    }

    [Fact]
    public void Without_repeats_the_noise_is_the_laws_residual_deviation_and_without_a_law_it_is_unknown()
    {
        var table = Fixtures.AdamWMuon();
        var fit = Fitter.Fit(table, Fixtures.Law("shared"));
        var noise = LossNoise.Of(table, fit)!;
        Assert.Equal((NoiseSource.Residuals, fit.Quality.ResidualDeviation, 36 - 7),
            (noise.Source, noise.Deviation, noise.DegreesOfFreedom));

        Assert.Null(LossNoise.Of(table, null));
        Assert.All(CellComparison.Of(table, "adamw", null), cell => Assert.Equal(CellOutcome.Unmeasured, cell.Outcome));
    }

    [Fact]
    public void Tokens_rounded_to_whole_steps_are_the_same_cell()
    {
        var table = RunTableReader.Parse(Header
            + "adamw,1000000,20000768,3.0,1\nmuon,1000010,20002816,2.9,1\nmuon,1000000,22000000,2.8,1\n");
        Assert.Equal(-0.1, Assert.Single(CellComparison.Of(table, "adamw", null)).Difference, 9);
    }

    [Fact]
    public void Cells_together_are_resolved_only_where_their_mean_is_no_luck()
    {
        static CellComparison Cell(string optimizer, double difference)
            => new(optimizer, "1m", 1e6, 2e7, 3 + difference, 3, 0.01, CellOutcome.Tie);
        var summaries = CellSummary.Of(
            [Cell("muon", -0.011), Cell("muon", -0.010), Cell("muon", -0.012), Cell("soap", -0.06), Cell("soap", 0.05),
                Cell("soap", -0.04), Cell("lion", -1)]);
        Assert.Equal(["lion", "soap", "muon"], summaries.Select(own => own.Optimizer));
        Assert.Equal([false, false, true], summaries.Select(own => own.IsResolved));
    }
}
