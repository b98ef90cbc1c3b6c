using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Tests.Uncertainty;

public class DeterminationTests
{
    private static (LawFit Fit, Determination Determination) Of(RunTable table)
    {
        var fit = Fitter.Fit(table, Fixtures.Law("shared"));
        return (fit, Determination.Of(fit, Bootstrap.Run(fit, new() { Replicates = 200 })));
    }

    [Fact]
    public void Published_runs_determine_the_shared_law()
    {
        var (fit, determination) = Of(Fixtures.AdamWMuon());
        Assert.True(determination.Allows("muon"));
        Assert.Null(determination.Finding(fit));
    }

    [Fact]
    public void A_parameter_on_a_bound_takes_every_claim_away()
    {
        // Losses without a floor, bent downwards: no positive E can be right.
        var table = Fixtures.Synthetic(0, 1, 2);
        table = table.With(
            [.. table.Rows.Select(
            row => row with { Loss =
            3 - 0.1 * Math.Log(row.N / 5e7) - 0.1 * Math.Log(row.D / 5e8) - 0.002 * Math.Pow(Math.Log(row.D / 5e8),
            2) })]);
        var (fit, determination) = Of(table);
        Assert.NotEmpty(determination.Shared);
        Assert.False(determination.Allows("muon"));
        var finding = determination.Finding(fit)!;
        Assert.Contains("lies on a bound", finding.Message);
        Assert.Contains("Sizes further apart (now 16-fold)", finding.Message);
    }

    [Fact]
    public void A_rho_that_spans_a_factor_of_ten_takes_that_optimizers_claims_away()
    {
        // Sizes so close together that noise decides what a parameter is worth.
        var (_, determination) = Of(Fixtures.Synthetic(0.02, 3, 2, [50e6, 60e6, 70e6]));
        Assert.False(determination.Allows("muon"));
    }
}
