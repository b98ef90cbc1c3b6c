using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tests.Simulation;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tests.Forecasting;

/// <summary>Ranges belong to an optimizer: Kron and others of the eleven were never trained at 1.2B.</summary>
public class RangeTests
{
    private static readonly Lazy<(LawFit Fit, BootstrapResult Bootstrap)> Eleven = new(() =>
    {
        var fit = Fitter.Fit(Fixtures.ElevenOptimizers(), Fixtures.Law("shared"));
        return (fit, Bootstrap.Run(fit, new() { Replicates = 200 }));
    });

    [Fact]
    public void A_saving_is_measured_only_at_sizes_that_both_optimizers_have()
    {
        var (fit, bootstrap) = Eleven.Value;
        var trained = fit.Prepared.Rows.GroupBy(row => row.Optimizer)
            .ToDictionary(own => own.Key, own => own.Max(row => row.N));
        var measured = TokenAdvantage.Of(fit, bootstrap).Where(advantage => !advantage.IsExtrapolated).ToList();
        Assert.True(trained["kron"] < 1e9 && trained["muon"] > 1e9);
        Assert.All(measured, advantage => Assert.True(advantage.N <= 1.02 * trained[advantage.Optimizer]));
        Assert.Equal(["muon", "nadamw", "soap"], measured.Where(advantage => advantage.N > 1e9)
            .Select(advantage => advantage.Optimizer));
        Assert.All(AdvantageTrend.Of(fit, bootstrap, measured),
            trend => Assert.True(trend.LastN <= 1.02 * trained[trend.Optimizer]));
    }

    [Fact]
    public void Beyond_ten_times_its_own_runs_an_optimizer_is_forecast_only_when_asked_for()
    {
        var (fit, bootstrap) = Eleven.Value;
        var forecaster = new Forecaster(fit, bootstrap);
        var far = new ForecastRequest { Points = [(1e10, 2e11)] };
        var result = forecaster.Run(far);
        Assert.Equal(["adamw", "muon", "nadamw", "soap"], result.Losses.Select(loss => loss.Optimizer));
        Assert.Contains(result.Findings, finding => finding.Code == "too-far-outside"
            && finding.Message.Contains("kron's runs", StringComparison.Ordinal));
        Assert.Equal(["muon", "nadamw", "soap"], result.Savings.Select(saving => saving.Optimizer));
        Assert.All(result.Advantages, advantage => Assert.True(advantage.Points[^1].N <= 1.3e10));
        Assert.Equal(11, forecaster.Run(far with { BeyondRange = true }).Losses.Count);

        var error = Assert.Throws<UserException>(() => forecaster.Run(new() { Points = [(1e12, 2e13)] }));
        Assert.Contains("--beyond-range", error.Message);
    }

    private static (LawFit Fit, BootstrapResult Bootstrap) Kept(
        Func<RunRow, bool> isReference, Func<RunRow, bool> isOther)
    {
        var table = new SimulatedTables(SimulatedNoise.Independent, 5, 4, 2).Draw(1);
        var fit = Fitter.Fit(table.With([.. table.Rows.Where(row
            => row.Optimizer == table.Optimizers[0] ? isReference(row) : isOther(row))]), Fixtures.Law("shared"));
        return (fit, Bootstrap.Run(fit, new() { Replicates = 100 }));
    }

    /// <summary>Trained at 10 to 25 tokens per parameter the one, at 63 and 160 the other: at no ratio both.</summary>
    [Fact]
    public void No_saving_is_measured_at_a_ratio_that_one_of_the_two_never_had()
    {
        var (fit, bootstrap) = Kept(row => row.D / row.N < 30, row => row.D / row.N > 30);
        Assert.All(TokenAdvantage.Of(fit, bootstrap), advantage => Assert.True(advantage.IsExtrapolated));
    }

    [Fact]
    public void A_forecast_of_two_without_a_common_size_says_so()
    {
        var (fit, bootstrap) = Kept(row => row.N < 3e8, row => row.N > 3e8);
        var result = new Forecaster(fit, bootstrap).Run(new() { Points = [(8e8, 1.6e10)] });
        Assert.Single(result.Findings, finding => finding.Code == "no-common-size");
        Assert.DoesNotContain(new Forecaster(Eleven.Value.Fit, Eleven.Value.Bootstrap)
            .Run(new() { Points = [(1e9, 2e10)] }).Findings, finding => finding.Code == "no-common-size");
    }
}
