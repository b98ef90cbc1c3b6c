using MathNet.Numerics.Statistics;
using PretrainBench.Analysis.Design;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tests.Design;

public class GridDesignTests
{
    private static readonly DesignTruth Truth = new()
    {
        E = 1.8,
        A = 480,
        B = 2100,
        Alpha = 0.35,
        Beta = 0.366,
        RhoN = new Dictionary<string, double> { ["muon"] = 1.15 },
        RhoD = new Dictionary<string, double> { ["muon"] = 1.4 },
    };

    private static List<PlannedCell> Cells(int seeds = 1)
        => [.. Fixtures.Synthetic(0, 1, 2).Rows.Select(row => new PlannedCell(row.Optimizer, row.N, row.D, seeds))];

    [Fact]
    public void Expected_precision_is_what_simulated_grids_show()
    {
        double sigma = 0.004;
        var design = GridDesign.Evaluate(new() { Cells = Cells(), SeedNoise = sigma, Truth = Truth });
        var fits = Enumerable.Range(0, 300).Select(i => Fitter.Fit(Noisy(i), Fixtures.Law("shared"))).ToList();
        Near("", "alpha", fit => fit["muon"].Alpha);
        Near("", "beta", fit => fit["muon"].Beta);
        Near("", "E", fit => fit["muon"].E);
        Near("muon", "rhoN", fit => fit["muon"].RhoN);
        Near("muon", "rhoD", fit => fit["muon"].RhoD);
        Near("muon", "loss", fit => fit.Model.Predict(fit.Model.IndexOf("muon"), 8e9, 40 * 8e9));

        // 300 fits know a deviation to 4 %; the delta method itself is good to a few more.
        void Near(string optimizer, string parameter, Func<LawFit, double> value)
        {
            double ratio = fits.Select(value).StandardDeviation() / design.Find(optimizer, parameter)!.StandardError;
            Assert.True(ratio is > 0.85 and < 1.18, $"{parameter}: simulated over expected {ratio:F3}");
        }

        RunTable Noisy(int seed)
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
    public void Four_seeds_halve_every_error()
    {
        var one = GridDesign.Evaluate(new() { Cells = Cells(), SeedNoise = 0.002, Truth = Truth });
        var four = GridDesign.Evaluate(new() { Cells = Cells(4), SeedNoise = 0.002, Truth = Truth });
        Assert.Equal(4 * one.Runs, four.Runs);
        foreach (var (single, repeated) in one.Precision.Zip(four.Precision))
            Assert.Equal(2, single.StandardError / repeated.StandardError, 1e-6);
        Assert.Contains(one.Findings, finding => finding.Code == "no-repeats");
        Assert.DoesNotContain(four.Findings, finding => finding.Code == "no-repeats");
    }

    [Fact]
    public void Intervals_stay_where_parameters_can_be_however_little_a_grid_tells()
    {
        var design = GridDesign.Evaluate(new() { Cells = Cells(), SeedNoise = 1, Truth = Truth });
        Assert.All(design.Precision, own => Assert.True(own.Low >= 0 && own.Low < own.Truth && own.Truth < own.High,
            $"{own.Parameter}: {own.Low} to {own.High}"));
        Assert.False(design.Find("", "E")!.IsDetermined);
        // Narrow ones are those of the normal distribution.
        var precise = GridDesign.Evaluate(new() { Cells = Cells(), SeedNoise = 1e-5, Truth = Truth }).Find("", "E")!;
        Assert.Equal(1.96 * precise.StandardError, precise.High - precise.Truth, 1e-2 * precise.StandardError);
        Assert.True(precise.IsDetermined);
    }

    [Fact]
    public void One_ratio_only_is_warned_about()
    {
        var cells = Fixtures.Synthetic(0, 1, 2,
            ratios: [20]).Rows.Select(row => new PlannedCell(row.Optimizer, row.N, row.D, 3)).ToList();
        var design = GridDesign.Evaluate(new() { Cells = cells, SeedNoise = 0.002, Truth = Truth });
        Assert.Contains(design.Findings, finding => finding.Code == "fixed-ratio");
        var several = GridDesign.Evaluate(new() { Cells = Cells(), SeedNoise = 0.002, Truth = Truth });
        Assert.True(design.Find("", "alpha")!.StandardError > 10 * several.Find("", "alpha")!.StandardError);
    }

    [Fact]
    public void The_cheapest_grid_is_sufficient_and_a_larger_budget_does_not_make_it_dearer()
    {
        var request = new GridSearchRequest
        {
            Sizes = [50e6, 100e6, 200e6, 400e6],
            Ratios = [10, 20, 40, 80],
            FlopBudget = 1e21,
            Rho = 1.2,
            SeedNoise = 0.002,
            MostSeeds = 4,
        };
        var found = CheapestGrid.Search(request);
        var cheapest = found.Cheapest!;
        Assert.True(cheapest.DetectableRho <= 1.2 && cheapest.Flops <= 1e21, found.Statement);
        Assert.Equal(cheapest.Flops, CheapestGrid.Search(request with { FlopBudget = 1e22 }).Cheapest!.Flops);
        Assert.True(CheapestGrid.Search(request with { Rho = 1.02 }).Cheapest is not { } finer
            || finer.Flops > cheapest.Flops);
        var cells = new[] { "adamw", "muon" }.SelectMany(optimizer => cheapest.Sizes.SelectMany(n => cheapest.Ratios
            .Select(ratio => new PlannedCell(optimizer, n, ratio * n, cheapest.Seeds)))).ToList();
        var truth = new DesignTruth { RhoD = new Dictionary<string, double> { ["muon"] = 1.2 } };
        var design = GridDesign.Evaluate(new() { Cells = cells, SeedNoise = 0.002, Truth = truth });
        Assert.Equal(cheapest.DetectableRho, design.Detectable.Single(d => d.Parameter == "rhoD").Rho, 1e-6);
    }

    [Fact]
    public void What_no_budget_allows_is_said()
    {
        var request = new GridSearchRequest
        {
            Sizes = [50e6, 100e6, 200e6],
            Ratios = [10, 20, 40],
            FlopBudget = 1e19,
            Rho = 1.001,
            SeedNoise = 0.002,
        };
        var result = CheapestGrid.Search(request with { FlopBudget = 1e21 });
        Assert.Null(result.Cheapest);
        Assert.Contains("The most precise one", result.Statement);
        Assert.Contains("raise the budget", CheapestGrid.Search(request with { FlopBudget = 1 }).Statement);
        Assert.Throws<UserException>(() => CheapestGrid.Search(request with { Rho = 1 }));
        Assert.Throws<UserException>(() => GridDesign.Evaluate(new() { Cells = [], SeedNoise = 0.001 }));
    }

    [Fact]
    public void A_truth_comes_from_runs_or_from_assignments()
    {
        var fit = Fitter.Fit(Fixtures.Synthetic(0, 1, 2), Fixtures.Law("shared"));
        var truth = DesignTruth.From(fit);
        Assert.Equal(1.8, truth.E, 1e-6);
        Assert.Equal(1.4, truth.RhoD["muon"], 1e-5);
        Assert.Throws<UserException>(
            () => DesignTruth.From(Fitter.Fit(Fixtures.AdamWMuon(), Fixtures.Law("per-optimizer"))));

        var parsed = DesignTruth.Parse(["E=2", "beta=0.3"]);
        Assert.Equal((2, 0.3, new DesignTruth().A), (parsed.E, parsed.Beta, parsed.A));
        Assert.Contains("E, A, B, alpha and beta",
            Assert.Throws<UserException>(() => DesignTruth.Parse(["gamma=1"])).Message);
        Assert.Contains("above zero", Assert.Throws<UserException>(() => DesignTruth.Parse(["E=-1"])).Message);
    }

    [Fact]
    public void A_law_with_an_outer_exponent_is_refused_and_not_planned_as_if_gamma_were_known()
        => Assert.Contains("gamma", Assert.Throws<UserException>(() => GridDesign.Evaluate(
            new() { Law = "shared-gamma", Cells = Cells(), SeedNoise = 0.004, Truth = Truth })).Message);
}
