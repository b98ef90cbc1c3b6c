using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tests.Forecasting;

public class ForecasterTests
{
    private static ForecastResult Forecast(RunTable table, ForecastRequest request, string law = "shared")
    {
        var fit = Fitter.Fit(table, Fixtures.Law(law));
        return new Forecaster(fit, Bootstrap.Run(fit, new() { Replicates = 200 })).Run(request);
    }

    [Fact]
    public void Without_noise_the_loss_and_its_interval_are_the_truth()
    {
        var result = Forecast(Fixtures.Synthetic(0, 1, 2), new() { Points = [(3e9, 6e10)] });
        double truth = 1.8 + 480 / Math.Pow(1.15 * 3e9, 0.35) + 2100 / Math.Pow(1.4 * 6e10, 0.366);
        var muon = result.Losses.Single(loss => loss.Optimizer == "muon");
        Assert.Equal(truth, muon.Loss.Value, 1e-7);
        Assert.Equal(truth, muon.Loss.Low, 1e-6);
        Assert.Equal(truth, muon.Loss.High, 1e-6);
        Assert.Equal(3e9 / 800e6, muon.Beyond, 1e-9);
        Assert.Contains(result.Findings, finding => finding.Code == "extrapolation"
            && finding.Message.Contains("3.75 times", StringComparison.Ordinal));
    }

    [Fact]
    public void The_optimum_follows_the_closed_form_with_rho_and_no_neighbour_is_better()
    {
        double c = 1e21, alpha = 0.35, beta = 0.366, rhoN = 1.15, rhoD = 1.4;
        var muon = Forecast(Fixtures.Synthetic(0, 1, 2),
            new() { Budgets = [c] }).Optima.Single(optimum => optimum.Optimizer == "muon");
        double g = Math.Pow(alpha * 480 / (beta * 2100), 1 / (alpha + beta));
        Assert.Equal(1, muon.N.Value / (g / rhoN * Math.Pow(rhoN * rhoD * c / 6, beta / (alpha + beta))), 1e-5);
        Assert.Equal(1, muon.D.Value / (1 / (g * rhoD) * Math.Pow(rhoN * rhoD * c / 6, alpha / (alpha + beta))), 1e-5);
        Assert.Equal(c, 6 * muon.N.Value * muon.D.Value, c * 1e-9);
        double At(double n) => 1.8 + 480 / Math.Pow(rhoN * n, alpha) + 2100 / Math.Pow(rhoD * c / (6 * n), beta);
        Assert.True(At(muon.N.Value) < At(muon.N.Value * 1.02) && At(muon.N.Value) < At(muon.N.Value / 1.02));
    }

    [Fact]
    public void An_optimizer_acts_as_if_it_had_rhoN_rhoD_times_the_compute()
    {
        var savings = Forecast(Fixtures.Synthetic(0, 1, 2), new() { Points = [(1e9, 2e10)] }).Savings.Single();
        Assert.Equal(1.15 * 1.4, savings.ComputeFactor.Value, 1e-4);
        Assert.Equal(savings.TokensSaved.Value, (savings.TokenFactor.Value - 1) * 2e10, 1e3);
        Assert.Equal(savings.FlopsSaved.Value, 6 * 1e9 * savings.TokensSaved.Value, 1e14);
        Assert.Null(savings.HoursSaved);
    }

    [Fact]
    public void Hours_are_counted_at_each_optimizers_own_speed()
    {
        var table = Fixtures.Synthetic(0, 1, 2);
        table = table.With(
            [.. table.Rows.Select(
                row => row with { Seconds = (row.Optimizer == "muon" ? 2e-14 : 1e-14) * row.N * row.D })]);
        var savings = Forecast(table, new() { Points = [(1e9, 2e10)] }).Savings.Single();
        Assert.Equal(1e9 * 2e10 * (savings.TokenFactor.Value * 1e-14 - 2e-14) / 3600, savings.HoursSaved!.Value, 1e-6);
    }

    [Fact]
    public void A_small_advantage_stops_being_resolved_at_some_scale()
    {
        var table = Fixtures.Synthetic(0.003, 4, 2);
        var advantage = Forecast(table, new() { SeedNoise = 0.002, BeyondRange = true }).Advantages.Single();
        Assert.InRange(advantage.LastResolvedN, 50e6, 1e12);
        Assert.Contains("muon is better than adamw", advantage.Statement);
        Assert.Contains("no longer resolved", advantage.Statement);
        var same = table.With(
            [.. table.Rows.Where(row => row.Optimizer == "adamw"), .. table.Rows.Where(row => row.Optimizer == "adamw")
            .Select((row, i) => row with { Optimizer = "twin", Loss = row.Loss + (i % 2 == 0 ? 1e-3 : -1e-3) })]);
        Assert.Contains("not resolved at any scale", Forecast(same, new()).Advantages.Single().Statement);
    }

    [Fact]
    public void What_the_runs_do_not_determine_is_marked_and_nothing_is_claimed_of_it()
    {
        // Losses without a floor, bent downwards: no positive E can be right.
        var table = Fixtures.Synthetic(0, 1, 2);
        table = table.With([.. table.Rows.Select(row => row with
        {
            Loss = 3 - 0.1 * Math.Log(row.N / 5e7) - 0.1 * Math.Log(row.D / 5e8)
                - 0.002 * Math.Pow(Math.Log(row.D / 5e8), 2),
        })]);
        var result = Forecast(table, new() { Points = [(1e9, 2e10)], Budgets = [1e20] });
        Assert.Equal("undetermined", result.Findings[0].Code);
        Assert.Empty(result.Optima);
        Assert.Empty(result.Savings);
        Assert.Empty(result.Advantages);
        Assert.Equal([false, false], result.Losses.Select(loss => loss.IsDetermined));

        var determined = Forecast(Fixtures.AdamWMuon(), new() { Points = [(1e9, 2e10)] });
        Assert.Equal([true, true], determined.Losses.Select(loss => loss.IsDetermined));
        Assert.True(Assert.Single(determined.Savings).IsResolved);
    }

    [Fact]
    public void Tokens_beyond_the_runs_count_like_sizes_beyond_them()
    {
        // At 2,000 tokens per parameter the sizes trained lie within the runs, and their tokens 12.5 times beyond.
        var table = Fixtures.Synthetic(0.0005, 1, 2);
        ForecastRequest far = new() { Points = [(200e6, 4e11), (800e6, 16e11)], TokensPerParameter = 2000 };
        var result = Forecast(table, far);
        Assert.All(result.Losses, loss => Assert.Equal(200e6, loss.N));
        var refused = result.Findings.Where(finding => finding.Code == "too-far-outside"
            && finding.Message.StartsWith("N = 8e8", StringComparison.Ordinal)).ToList();
        Assert.Equal(2, refused.Count);
        Assert.All(refused, finding => Assert.Contains("D is 12.5 times the largest run's", finding.Message,
            StringComparison.Ordinal));
        var advantage = result.Advantages.Single();
        Assert.All(advantage.Points, point => Assert.InRange(point.D, 0, 10.01 * 160 * 800e6));
        Assert.Contains("reach N = 8e8 and D = 1.28e11; beyond, here up to", advantage.Statement,
            StringComparison.Ordinal);
        Assert.True(Forecast(table, far with { BeyondRange = true }).Advantages.Single().Points[^1].D > 1e13);
    }

    [Fact]
    public void The_tokens_that_the_other_needs_count_in_its_own_range()
    {
        // Without adamw's long runs muon's tokens lie within muon's, and adamw's for the same loss beyond its own.
        var table = Fixtures.Synthetic(0.0005, 1, 2);
        table = table.With([.. table.Rows.Where(row => row.Optimizer == "muon" || row.D < 50 * row.N)]);
        var result = Forecast(table, new() { Points = [(800e6, 120 * 800e6)] });
        Assert.Contains(result.Findings, finding => finding.Code == "extrapolation"
            && finding.Message.StartsWith($"N = 8e8, D = {Digits(result.Savings.Single().TokenFactor.Value * 9.6e10)} "
                + "is outside adamw's runs", StringComparison.Ordinal));
        static string Digits(double value) => value.Rounded(3);
    }

    [Fact]
    public void Impossible_requests_and_laws_without_two_powers_are_refused()
    {
        var table = Fixtures.Synthetic(0.001, 1, 2);
        Assert.Contains("above zero",
            Assert.Throws<UserException>(() => Forecast(table, new() { Points = [(0, 1)] })).Message);
        Assert.Contains("no optimizer 'lion'",
            Assert.Throws<UserException>(() => Forecast(table, new() { Over = "lion" })).Message);
        Assert.Contains("kaplan", Assert.Throws<UserException>(() => Forecast(table, new(), "kaplan")).Message);
    }

    [Fact]
    public void The_authors_speed_up_procedure_gives_their_numbers()
    {
        var points = RatioSpeedUp.Of(Fixtures.AdamWMuon(), "muon", "adamw");
        var small = points.Where(point => point.Size == "130m").Select(point => Math.Round(point.SpeedUp, 2)).ToList();
        var large = points.Where(point => point.Size == "1.2b").Select(point => Math.Round(point.SpeedUp, 2)).ToList();
        Assert.Equal((1.32, 1.42), (small.Min(), small.Max()));
        Assert.Equal((1.10, 1.13), (large.Min(), large.Max()));
    }
}
