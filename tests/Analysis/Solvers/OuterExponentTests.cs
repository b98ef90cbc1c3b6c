using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tests.Solvers;

public class OuterExponentTests
{
    [Fact]
    public void A_known_law_is_recovered()
    {
        var table = Fixtures.Synthetic(0, 1, 2);
        table = table.With([.. table.Rows.Select(row => row with { Loss = Loss(row) })]);
        var fit = Fitter.Fit(table, Fixtures.Law("shared-gamma"));
        Assert.Equal(0.6, fit["muon"].Gamma, 1e-3);
        Assert.Equal(0.5, fit["muon"].Alpha, 1e-3);
        Assert.Equal(1.15, fit["muon"].RhoN, 1e-3);
        Assert.Equal(1.4, fit["muon"].RhoD, 1e-3);
        Assert.InRange(fit.Quality.ResidualDeviation, 0, 1e-6);

        static double Loss(RunRow row)
        {
            var (rhoN, rhoD) = row.Optimizer == "muon" ? (1.15, 1.4) : (1.0, 1.0);
            return 1.7 + Math.Pow(9000 / Math.Pow(rhoN * row.N, 0.5) + 30000 / Math.Pow(rhoD * row.D, 0.45), 0.6);
        }
    }

    [Fact]
    public void It_fits_no_worse_than_the_law_that_it_contains()
    {
        foreach (var table in new[] { Fixtures.AdamWMuon(), Fixtures.Synthetic(0.002, 4) })
            foreach (var (inner, outer) in new[] { ("shared", "shared-gamma"),
                ("per-optimizer", "per-optimizer-gamma") })
                Assert.True(Fitter.Fit(table, Fixtures.Law(outer)).Quality.Objective
                    <= Fitter.Fit(table, Fixtures.Law(inner)).Quality.Objective * (1 + 1e-9));
    }

    /// <summary>Figures of docs/laws.md.</summary>
    [Fact]
    public void On_eleven_optimizers_it_lowers_the_residual_and_halves_the_error_on_the_largest_size()
    {
        var options = new ComparisonOptions { Laws = ["shared", "shared-gamma"], Replicates = 20 };
        var result = LawComparison.Compare(Fixtures.ElevenOptimizers(), options);
        var gamma = result.Laws.Single(law => law.Law == "shared-gamma");
        Assert.Equal(0.0050, gamma.Fit.Quality.ResidualDeviation, 0.00005);
        Assert.Equal(3.4e-5, gamma[HoldOutProtocol.Largest].Pooled!.MeanSquaredError, 0.05 * 3.4e-5);
    }

    [Fact]
    public void Its_interval_is_about_as_wide_as_the_bootstraps()
    {
        var fit = Fitter.Fit(Fixtures.ElevenOptimizers(), Fixtures.Law("shared-gamma"));
        var gamma = Assert.Single(fit.Diagnostics).Gamma!;
        Assert.Equal(fit[fit.Reference].Gamma, gamma.Value);
        var drawn = Bootstrap.Run(fit, new() { Replicates = 100 }).Find(fit.Reference, "gamma")!;
        Assert.InRange(Math.Log(gamma.High / gamma.Low) / Math.Log(drawn.High / drawn.Low), 0.5, 2);
        Assert.Null(Fitter.Fit(Fixtures.AdamWMuon(), Fixtures.Law("shared")).Diagnostics[0].Gamma);
    }

    [Fact]
    public void Robust_solvers_do_not_fit_it()
        => Assert.Contains("least squares only", Assert.Throws<UserException>(() => Fitter.Fit(Fixtures.AdamWMuon(),
            Fixtures.Law("shared-gamma"), new() { Solver = SolverKind.Huber })).Message);
}
