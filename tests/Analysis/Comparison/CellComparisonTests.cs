using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Tables;

namespace PretrainBench.Analysis.Tests.Comparison;

public class CellComparisonTests
{
    [Fact]
    public void Differences_within_two_standard_errors_of_pooled_seed_noise_are_ties()
    {
        // Both cells have standard deviation sqrt(2) * 0.01 between two seeds, so the threshold is 2 * 0.01414 * 1.
        var table = RunTableReader.Parse(
            """
            optimizer,n,tokens,loss,seed
            adamw,1e6,2e7,3.00,1
            adamw,1e6,2e7,3.02,2
            muon,1e6,2e7,2.985,1
            muon,1e6,2e7,3.005,2
            adamw,4e6,8e7,2.60,1
            muon,4e6,8e7,2.50,1
            adamw,9e6,8e7,2.40,1
            """);
        var cells = CellComparison.Of(table, "adamw");
        Assert.Equal([CellOutcome.Tie, CellOutcome.Better], cells.Select(c => c.Outcome));
        Assert.Equal(-0.015, cells[0].Difference, 9);
        Assert.Equal(2 * 0.01 * Math.Sqrt(2), cells[0].Threshold, 9);
        Assert.Equal(0.04, cells[1].Threshold, 9);
    }
}
