using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Tests.Simulation;
using PretrainBench.Analysis.Uncertainty;
using Xunit.Abstractions;

namespace PretrainBench.Analysis.Tests.Uncertainty;

public class VarianceWeightsTests(ITestOutputHelper output)
{
    private static LawFit Fit(RunTable table, RunWeights weights, string law = "shared")
        => Fitter.Fit(table, Fixtures.Law(law), new() { Threads = 1, Weights = weights });

    /// <summary>Noise three times as large at the smallest size; and what weights cost where noise is equal.</summary>
    [Theory]
    [InlineData(SimulatedNoise.Heteroscedastic, 4, 4, 5, 0.85)]
    [InlineData(SimulatedNoise.Heteroscedastic, 3, 3, 2, 0.97)]
    [InlineData(SimulatedNoise.Independent, 4, 4, 5, 1.1)]
    public void Weights_bring_rho_nearer_to_the_truth(SimulatedNoise noise, int sizes, int ratios, int optimizers,
        double most)
    {
        var truth = new SimulatedTables(noise, sizes, ratios, optimizers);
        double Error(RunWeights weights) => Enumerable.Range(0, 120).AsParallel().Average(seed =>
        {
            var own = Fit(truth.Draw(seed), weights)["rule01"];
            return Math.Pow(Math.Log(own.RhoN / truth.RhoN(1)), 2) + Math.Pow(Math.Log(own.RhoD / truth.RhoD(1)), 2);
        });
        var ratio = Error(RunWeights.Variance) / Error(RunWeights.None);
        output.WriteLine($"{noise} {sizes} × {ratios}, {optimizers}: {ratio:0.00}");
        Assert.InRange(ratio, 0, most);
    }

    [Fact]
    public void Intervals_of_weighted_fits_hold_the_truth()
    {
        var coverage = CoverageStudy.Run(new(SimulatedNoise.Heteroscedastic, 4, 4, 5), 40,
            new() { Replicates = 100 }, RunWeights.Variance);
        output.WriteLine(string.Join(" | ", coverage.Select(pair => $"{pair.Key} {100 * pair.Value:0.0}")));
        Assert.All(coverage.Values, share => Assert.InRange(share, 0.81, 1));
    }

    [Fact]
    public void Noise_without_a_trend_gives_the_fit_without_weights()
    {
        var truth = new SimulatedTables(SimulatedNoise.Independent, 4, 4, 2);
        var table = Enumerable.Range(0, 100).Select(truth.Draw)
            .First(table => Fit(table, RunWeights.Variance).Points.All(point => point.Weight == 1));
        var (weighted, plain) = (Fit(table, RunWeights.Variance), Fit(table, RunWeights.None));
        Assert.Equal(plain.Parameters, weighted.Parameters);
        Assert.Equal(plain.Quality, weighted.Quality);
    }

    /// <summary>A run of weight 4 is four runs; robust solvers weigh by the deviation, so that it is two.</summary>
    [Theory]
    [InlineData("shared", SolverKind.LeastSquares, 4)]
    [InlineData("shared-gamma", SolverKind.LeastSquares, 4)]
    [InlineData("shared", SolverKind.Huber, 2)]
    [InlineData("shared-gamma", SolverKind.Huber, 2)]
    [InlineData("shared", SolverKind.LeastAbsoluteDeviation, 2)]
    public void A_weight_counts_as_so_many_runs(string law, SolverKind solver, int copies)
    {
        var rows = Fixtures.AdamWMuon().Rows;
        FitOptions options = new() { Solver = solver, Starts = RobustStarts.FirstSolver };
        double[] weights = [.. rows.Select((_, i) => i % 3 == 0 ? 4.0 : 1)];
        var weighted = new PreparedFit(rows, Fixtures.Law(law), options, weights: weights);
        IReadOnlyList<RunRow> copied =
            [.. rows.SelectMany((row, i) => Enumerable.Repeat(row, i % 3 == 0 ? copies : 1))];
        var repeated = new PreparedFit(copied, Fixtures.Law(law), options);
        var (own, other) = (Objective(weighted), Objective(repeated));
        Assert.Equal(other, own, 1e-6 * other);

        static double Objective(PreparedFit fit) => new FitWorkspace(fit).Solve().Sum(part => part.Objective);
    }

    [Fact]
    public void Repeats_tell_the_variance_where_they_are_at_several_sizes()
    {
        var truth = new SimulatedTables(SimulatedNoise.Heteroscedastic, 4, 3, 2);
        var table = new RunTable
        {
            Rows = [.. Enumerable.Range(0, 6).SelectMany(seed => truth.Draw(seed).Rows
                .Select(row => row with { Seed = seed }))],
        };
        var fit = Fit(table, RunWeights.Variance);
        Assert.Contains("scatter of repeats", fit.Findings.Single(finding => finding.Code == "weights").Message);
        // Deviations differ by a factor of 3, and weights by 9; 120 degrees of freedom tell it within a third.
        Assert.InRange(fit.Points.Max(point => point.Weight) / fit.Points.Min(point => point.Weight), 4, 20);
        Assert.Equal(1, fit.Points.Average(point => 1 / point.Weight), 1e-12);
    }

    [Fact]
    public void A_bad_run_where_noise_is_small_is_named()
    {
        var table = new SimulatedTables(SimulatedNoise.Heteroscedastic, 4, 4, 5).Draw(3);
        var bad = table.Rows.Count - 2;
        table = table.With([.. table.Rows.Select((row, i) => i == bad ? row with { Loss = row.Loss + 0.012 } : row)]);
        ResidualCheck Outlier(RunWeights weights)
            => ResidualCheck.Of(Fit(table, weights)).Single(check => check.Code == "outlier");
        Assert.Contains($"the farthest, {table.Rows[bad].Label} (", Outlier(RunWeights.Variance).Statement);
        Assert.True(Outlier(RunWeights.Variance).PValue < Outlier(RunWeights.None).PValue);
    }

    [Fact]
    public void Profiles_of_weighted_fits_are_of_weighted_squares()
    {
        var fit = Fit(new SimulatedTables(SimulatedNoise.Heteroscedastic, 4, 4, 2).Draw(1), RunWeights.Variance);
        Assert.All(ProfileIntervals.Of(fit), own => Assert.InRange(own.Estimate, own.Low * 1.001, own.High / 1.001));
    }
}
