using MathNet.Numerics.Statistics;
using PretrainBench.Analysis.Design;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Tests.Simulation;
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

    [Theory]
    [InlineData(SimulatedNoise.Independent)]
    [InlineData(SimulatedNoise.CellShared)]
    [InlineData(SimulatedNoise.Trunk)]
    public void Expected_precision_is_what_simulated_grids_show(SimulatedNoise kind)
    {
        var tables = new SimulatedTables(kind, 5, 4, 3);
        var (own, shared) = (tables.Deviation * Math.Sqrt(0.4), tables.Deviation * Math.Sqrt(0.6));
        var noise = kind switch
        {
            SimulatedNoise.CellShared => new DesignNoise(own, Cell: shared),
            SimulatedNoise.Trunk => new DesignNoise(own, Trunk: shared),
            _ => new DesignNoise(tables.Deviation),
        };
        var fits = Enumerable.Range(0, 300).Select(i => Fitter.Fit(tables.Draw(i), Fixtures.Law("shared"))).ToList();
        var names = Enumerable.Range(0, 3).Select(SimulatedTables.Name).ToList();
        var design = GridDesign.Evaluate(new()
        {
            Cells = [.. tables.Draw(0).Rows.Select(row
                => new PlannedCell(row.Optimizer, row.N, row.D, 1, row.Trunk.Length > 0))],
            Noise = noise,
            Truth = new()
            {
                E = 1.8,
                A = 480,
                B = 2100,
                Alpha = 0.35,
                Beta = 0.366,
                RhoN = Enumerable.Range(0, 3).ToDictionary(o => names[o], tables.RhoN),
                RhoD = Enumerable.Range(0, 3).ToDictionary(o => names[o], tables.RhoD),
            },
            Target = (8e9, 40 * 8e9),
        });
        Near("", "alpha", fit => fit["adamw"].Alpha);
        Near("", "beta", fit => fit["adamw"].Beta);
        Near("", "E", fit => fit["adamw"].E);
        Near(names[1], "rhoN", fit => fit[names[1]].RhoN);
        Near(names[2], "rhoD", fit => fit[names[2]].RhoD);
        Near(names[1], "loss", fit => fit.Model.Predict(fit.Model.IndexOf(names[1]), 8e9, 40 * 8e9));

        // 300 fits know a deviation to 4 %; the delta method itself is good to a few more.
        void Near(string optimizer, string parameter, Func<LawFit, double> value)
        {
            double ratio = fits.Select(value).StandardDeviation() / design.Find(optimizer, parameter)!.StandardError;
            Assert.True(ratio is > 0.85 and < 1.18, $"{parameter}: simulated over expected {ratio:F3}");
        }
    }

    [Fact]
    public void Noise_that_a_cell_shares_cancels_in_rho_and_stays_in_the_loss()
    {
        var alone = GridDesign.Evaluate(new() { Cells = Cells(), Noise = new(0.004), Truth = Truth });
        var shared = GridDesign.Evaluate(new() { Cells = Cells(), Noise = new(0.0025, 0.0031), Truth = Truth });
        double Ratio(string parameter) => shared.Find("muon", parameter)!.StandardError
            / alone.Find("muon", parameter)!.StandardError;
        Assert.True(Ratio("rhoD") < 0.8, $"rhoD {Ratio("rhoD"):F2}");
        Assert.True(Ratio("loss") > 1.05, $"loss {Ratio("loss"):F2}");
    }

    [Fact]
    public void Four_seeds_halve_every_error()
    {
        var one = GridDesign.Evaluate(new() { Cells = Cells(), Noise = new(0.002), Truth = Truth });
        var four = GridDesign.Evaluate(new() { Cells = Cells(4), Noise = new(0.002), Truth = Truth });
        Assert.Equal(4 * one.Runs, four.Runs);
        foreach (var (single, repeated) in one.Precision.Zip(four.Precision))
            Assert.Equal(2, single.StandardError / repeated.StandardError, 1e-6);
        Assert.Contains(one.Findings, finding => finding.Code == "no-repeats");
        Assert.DoesNotContain(four.Findings, finding => finding.Code == "no-repeats");
    }

    [Fact]
    public void Intervals_stay_where_parameters_can_be_however_little_a_grid_tells()
    {
        var design = GridDesign.Evaluate(new() { Cells = Cells(), Noise = new(1), Truth = Truth });
        Assert.All(design.Precision, own => Assert.True(own.Low >= 0 && own.Low < own.Truth && own.Truth < own.High,
            $"{own.Parameter}: {own.Low} to {own.High}"));
        Assert.False(design.Find("", "E")!.IsDetermined);
        // Narrow ones are those of the normal distribution.
        var precise = GridDesign.Evaluate(new() { Cells = Cells(), Noise = new(1e-5), Truth = Truth }).Find("", "E")!;
        Assert.Equal(1.96 * precise.StandardError, precise.High - precise.Truth, 1e-2 * precise.StandardError);
        Assert.True(precise.IsDetermined);
    }

    [Fact]
    public void One_ratio_only_is_warned_about()
    {
        var cells = Fixtures.Synthetic(0, 1, 2,
            ratios: [20]).Rows.Select(row => new PlannedCell(row.Optimizer, row.N, row.D, 3)).ToList();
        var design = GridDesign.Evaluate(new() { Cells = cells, Noise = new(0.002), Truth = Truth });
        Assert.Contains(design.Findings, finding => finding.Code == "fixed-ratio");
        var several = GridDesign.Evaluate(new() { Cells = Cells(), Noise = new(0.002), Truth = Truth });
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
            Noise = new(0.002),
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
        var design = GridDesign.Evaluate(new() { Cells = cells, Noise = new(0.002), Truth = truth });
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
            Noise = new(0.002),
        };
        var result = CheapestGrid.Search(request with { FlopBudget = 1e21 });
        Assert.Null(result.Cheapest);
        Assert.Contains("The most precise one", result.Statement);
        Assert.Contains("raise the budget", CheapestGrid.Search(request with { FlopBudget = 1 }).Statement);
        Assert.Throws<UserException>(() => CheapestGrid.Search(request with { Rho = 1 }));
        Assert.Throws<UserException>(() => GridDesign.Evaluate(new() { Cells = [], Noise = new(0.001) }));
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
            new() { Law = "shared-gamma", Cells = Cells(), Noise = new(0.004), Truth = Truth })).Message);
}
