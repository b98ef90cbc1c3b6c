using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Tests.Laws;

public class RepeatedDataTests
{
    private const double Constant = 8;

    /// <summary>D' of Muennighoff et al. (arXiv 2305.16264) in its own words.</summary>
    private static double Counted(double unique, double tokens)
        => unique + unique * Constant * (1 - Math.Exp(-(tokens / unique - 1) / Constant));

    // Two optimizers, three sizes, on one or two sets of data that are seen up to forty times.
    private static RunTable Table(double noise, int seed, double most = 40)
    {
        var random = new Random(seed);
        var rows = new List<RunRow>();
        foreach (var (optimizer, rhoD) in new[] { ("adamw", 1.0), ("muon", 1.4) })
            foreach (var n in new[] { 50e6, 200e6, 800e6 })
                foreach (var ratio in new[] { 10.0, 40, 160 })
                    foreach (var epochs in new[] { 1.0, 4, 15, 40 }.Where(epochs => epochs <= most))
                    {
                        var (d, unique) = (ratio * n, ratio * n / epochs);
                        rows.Add(new()
                        {
                            Optimizer = optimizer,
                            N = n,
                            D = d,
                            UniqueTokens = unique,
                            Size = $"{n / 1e6}m",
                            Line = rows.Count + 1,
                            Loss = 1.8 + 480 * Math.Pow(n, -0.35) + 2100 * Math.Pow(rhoD * Counted(unique, d), -0.366)
                                + noise * Fixtures.Gaussian(random),
                        });
                    }
        return new() { Rows = rows };
    }

    [Theory]
    [InlineData("shared-repeated", SolverKind.LeastSquares)]
    [InlineData("shared-repeated", SolverKind.Huber)]
    [InlineData("per-optimizer-repeated", SolverKind.LeastSquares)]
    public void A_known_constant_is_recovered(string law, SolverKind solver)
    {
        var fit = Fitter.Fit(Table(0, 1), Fixtures.Law(law), new() { Solver = solver });
        Assert.All(fit.Parameters, own => Assert.Equal(Constant, own.RepeatConstant, 0.02));
        Assert.Equal(0.366, fit["muon"].Beta, 1e-3);
        Assert.InRange(fit.Quality.ResidualDeviation, 0, 1e-5);
        if (law.StartsWith("shared", StringComparison.Ordinal)) Assert.Equal(1.4, fit["muon"].RhoD, 2e-3);
        Assert.DoesNotContain(fit.Findings, finding => finding.Code is "repeated-data" or "repeats-fixed");
    }

    [Fact]
    public void Intervals_hold_the_constant()
    {
        var held = Enumerable.Range(0, 4).Count(seed =>
        {
            var fit = Fitter.Fit(Table(0.004, seed), Fixtures.Law("shared-repeated"));
            var own = Bootstrap.Run(fit, new() { Replicates = 60 }).Find("adamw", "repeat_constant")!;
            Assert.InRange(own.High / own.Low, 1.01, 3);
            return own.Low <= Constant && Constant <= own.High;
        });
        Assert.InRange(held, 3, 4);
    }

    [Fact]
    public void Laws_that_ignore_repeats_say_so()
    {
        var fit = Fitter.Fit(Table(0.002, 1), Fixtures.Law("shared"));
        Assert.Contains("54 of 72 runs see their data again (up to 40 times)",
            fit.Findings.Single(finding => finding.Code == "repeated-data").Message);
        Assert.True(Fitter.Fit(Table(0.002, 1), Fixtures.Law("shared-repeated")).Quality.Aicc < fit.Quality.Aicc - 100);
    }

    [Fact]
    public void Where_nobody_repeats_nothing_changes()
    {
        var table = Table(0.002, 1, most: 1);
        var (own, shared) = (Fitter.Fit(table, Fixtures.Law("shared-repeated")),
            Fitter.Fit(table, Fixtures.Law("shared")));
        Assert.Equal(shared.Parameters, own.Parameters);
        Assert.Equal(shared.Quality, own.Quality);
        Assert.Equal(shared.FreeParameters, own.FreeParameters);
    }

    [Fact]
    public void Too_few_repeats_take_the_published_constant()
    {
        var table = Table(0, 1, most: 4);
        var few = table.With([.. table.Rows.Where((row, i) => row.Repeats == 0 || i == 1)]);
        var fit = Fitter.Fit(few, Fixtures.Law("shared-repeated"));
        Assert.Equal(15.39, fit["adamw"].RepeatConstant, 1e-9);
        Assert.Contains(fit.Findings, finding => finding.Code == "repeats-fixed");
        Assert.Equal(fit.Prepared.Law.ParameterCount(2), Fixtures.Law("shared").ParameterCount(2));
    }

    /// <summary>Old tokens are never worth more than as many new ones: R* goes to its bound.</summary>
    [Fact]
    public void Repeats_that_help_as_much_as_new_tokens_have_no_decay()
    {
        var table = Table(0, 1);
        table = table.With([.. table.Rows.Select(row => row with
        {
            Loss = 1.8 + 480 * Math.Pow(row.N, -0.35) + 2100 * Math.Pow(row.D * (1 + 0.02 * row.Repeats), -0.366),
        })]);
        Assert.Equal(1e4, Fitter.Fit(table, Fixtures.Law("shared-repeated"))["adamw"].RepeatConstant, 1e-6);
    }

    [Theory]
    [InlineData(0.5, 1e-5)]
    [InlineData(10, 0.065)]
    [InlineData(30, 2)]
    public void Slopes_are_slopes(double repeats, double shape)
    {
        var step = 1e-3 * shape;
        var (value, slope) = RepeatedData.Shift(repeats, shape);
        Assert.Equal((RepeatedData.Shift(repeats, shape + step).Value - RepeatedData.Shift(repeats, shape - step).Value)
            / (2 * step), slope, 1e-4 * Math.Abs(slope));
        Assert.InRange(value, -Math.Log(1 + repeats), 0);
    }

    [Fact]
    public void Runs_on_other_amounts_of_data_are_other_cells()
    {
        var rows = Table(0, 1).Rows;
        Assert.Equal(rows.Count / 2, Cells.Of(rows).Distinct().Count());
    }
}
