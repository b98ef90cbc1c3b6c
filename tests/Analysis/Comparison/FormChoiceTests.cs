using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Tests.Simulation;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Tests.Comparison;

/// <summary>Which form of law savings are read off.</summary>
public class FormChoiceTests
{
    private static readonly SimulatedTables Truth = new(SimulatedNoise.Independent, 4, 4, 2);

    private static FormChoice Of(RunTable table)
        => FormChoice.Of(table, Fitter.Fit(table, Fixtures.Law("shared"), new() { Threads = 1 }));

    /// <summary>A floor of its own was read as tokens saved: 26 % where 12 were true, at every size alike.</summary>
    [Fact]
    public void A_law_that_the_runs_reject_is_not_read()
    {
        var table = Truth.Draw(3);
        var raised = table.With([.. table.Rows.Select(row => row.Optimizer == table.Optimizers[1]
            ? row with { Loss = row.Loss + 0.04 } : row)]);
        var choice = Of(raised);
        Assert.Equal("shared-free-floor", choice.Fit.Law);
        Assert.Contains("reject the shared law", choice.Rejected!.Message, StringComparison.Ordinal);
    }

    /// <summary>What noise alone makes of wider forms does not take the shared law's place.</summary>
    [Theory]
    [InlineData(SimulatedNoise.Independent)]
    [InlineData(SimulatedNoise.CellShared)]
    [InlineData(SimulatedNoise.Trunk)]
    [InlineData(SimulatedNoise.Heteroscedastic)]
    public void A_true_shared_law_stays(SimulatedNoise noise)
    {
        var rejected = Enumerable.Range(0, 40).AsParallel()
            .Count(seed => Of(new SimulatedTables(noise, 4, 4, 5).Draw(seed)).Rejected is not null);
        Assert.InRange(rejected, 0, 4);
    }

    [Fact]
    public void An_order_that_turns_with_longer_training_is_told()
    {
        var table = Truth.Draw(4);
        double Loss(RunRow row) => row.Optimizer == table.Optimizers[0] ? Law(row.N, row.D)
            : Law(0.6 * row.N, 2 * row.D);
        var turning = table.With([.. table.Rows.Select((row, i) => row with
        {
            Loss = Loss(row) + 0.001 * (i % 3 - 1),
        })]);
        var fit = Of(turning).Fit;
        var bootstrap = Bootstrap.Run(fit, new() { Replicates = 100 });
        var advantages = TokenAdvantage.Of(fit, bootstrap);
        var last = advantages.Last(own => !own.IsExtrapolated);
        foreach (var other in RatioDependence.Of(fit, bootstrap, advantages))
            Assert.NotEqual(last.Share < 1, other.Share < 1);
        Assert.NotEmpty(RatioDependence.Of(fit, bootstrap, advantages));

        static double Law(double n, double d) => 1.8 + 480 * Math.Pow(n, -0.35) + 2100 * Math.Pow(d, -0.366);
    }
}
