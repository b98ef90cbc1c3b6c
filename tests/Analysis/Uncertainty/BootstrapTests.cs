using MathNet.Numerics.Statistics;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tests.Uncertainty;

public class BootstrapTests
{
    [Fact]
    public void Standard_errors_of_the_chinchilla_refit_are_the_published_ones_within_a_tenth()
    {
        var fit = Fitter.Fit(Fixtures.Chinchilla240(), Fixtures.Law("per-optimizer"),
            new() { Solver = SolverKind.Huber, Starts = RobustStarts.FirstSolver });
        var result = Bootstrap.Run(fit, new() { Kind = BootstrapKind.Runs, Replicates = 4000, Seed = 7 });
        Near(124.5, "A");
        Near(1293.3, "B");
        Near(0.026, "E");
        Near(0.015, "alpha");
        Near(0.021, "beta");

        void Near(double published, string parameter)
            => Assert.InRange(result.Find("all", parameter)!.StandardError, 0.9 * published, 1.1 * published);
    }

    [Fact]
    public void Results_do_not_depend_on_the_number_of_threads()
    {
        var table = Fixtures.Synthetic(0.003, 3);
        double[] Draw(int threads)
        {
            var fit = Fitter.Fit(table, Fixtures.Law("shared"), new() { Threads = threads });
            return [.. Bootstrap.Run(fit,
                new() { Replicates = 50 }).Parameters.SelectMany(p => new[] { p.Low, p.High, p.StandardError })];
        }
        Assert.Equal(Draw(1), Draw(4));
    }

    [Fact]
    public void Branches_of_a_trunk_are_drawn_together_and_widen_the_interval()
    {
        // Four branches of each trunk that share its error say no more than one of them.
        var rows = Fixtures.Synthetic(0.003, 5,
            2).Rows.SelectMany(row => Enumerable.Repeat(row with { Trunk = row.Label }, 4)).ToList();
        var fit = Fitter.Fit(new RunTable { Rows = rows }, Fixtures.Law("shared"));
        var trunks = Bootstrap.Run(fit, new() { Replicates = 300, Kind = BootstrapKind.Trunks });
        var runs = Bootstrap.Run(fit, new() { Replicates = 300, Kind = BootstrapKind.Runs });

        Assert.InRange(Deviation(trunks) / Deviation(runs), 1.7, 2.4);

        static double Deviation(BootstrapResult result) => result.Find("muon", "rhoN")!.StandardError;
    }

    [Fact]
    public void Seed_noise_gives_the_deviation_that_repeated_tables_have()
    {
        var fit = Fitter.Fit(Fixtures.Synthetic(0, 1, 2), Fixtures.Law("shared"));
        double sigma = 0.003;
        double drawn = Bootstrap.Run(fit, new() { Kind = BootstrapKind.SeedNoise, SeedNoise = sigma, Replicates = 400 })
            .Find("muon", "rhoD")!.StandardError;
        var repeated = Enumerable.Range(0, 200)
            .Select(i => Fitter.Fit(WithNoise(i), Fixtures.Law("shared"))["muon"].RhoD).ToList();
        Assert.InRange(drawn / repeated.StandardDeviation(), 0.8, 1.25);

        RunTable WithNoise(int seed)
        {
            var random = new Random(seed);
            return new()
            {
                Rows = [.. Fixtures.Synthetic(0, 1,
                    2).Rows.Select(row => row with { Loss = row.Loss + sigma * Fixtures.Gaussian(random) })],
            };
        }
    }

    [Fact]
    public void Seed_noise_is_pooled_from_repeated_cells_or_asked_for()
    {
        var fit = Fitter.Fit(Fixtures.Synthetic(0.001, 1), Fixtures.Law("shared"));
        var error = Assert.Throws<UserException>(() => Bootstrap.Run(fit, new() { Kind = BootstrapKind.SeedNoise }));
        Assert.Contains("seeds", error.Message);
        RunRow[] cell = [Row(3.00, 1), Row(3.02, 2), Row(3.04, 3)];
        var noise = SeedNoise.Estimate(cell)!;
        Assert.Equal(0.02, noise.Deviation, 1e-12);
        Assert.Equal(2, noise.DegreesOfFreedom);

        static RunRow Row(double loss, long seed) => new()
        {
            Optimizer = "adamw",
            N = 1e8,
            D = 2e9,
            Loss = loss,
            Seed = seed,
        };
    }

    [Fact]
    public void Impossible_options_are_all_named_at_once()
    {
        var fit = Fitter.Fit(Fixtures.Synthetic(0.001, 1), Fixtures.Law("shared"));
        var error = Assert.Throws<UserException>(() => Bootstrap.Run(fit, new() { Replicates = 0, Confidence = 95 }));
        Assert.Contains("replicates", error.Message);
        Assert.Contains("confidence", error.Message);
    }
}
