using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Planning;

namespace PretrainBench.Grids.Tests.Planning;

public sealed class LearningRateTunerTests
{
    private static GridConfig Grid(TuningConfig? tuning, params double[] rates) => new()
    {
        Name = "test",
        Base = new Core.Configuration.ConfigMapping("test"),
        Axes = new GridAxes
        {
            Optimizer = ["adamw", "muon"],
            Size = ["small", "large"],
            TokensPerParameter = [5, 20],
            Seed = [0, 1],
            LearningRate = rates,
        },
        Tuning = tuning,
    };

    private static TuningConfig Rule(int extensions = 3) => new()
    {
        Start = new Dictionary<string, double> { ["adamw"] = 0.01, ["muon"] = 0.02 },
        Extensions = extensions,
    };

    /// <summary>A parabola in the logarithm of the learning rate.</summary>
    private static double Loss(double rate, double best) => 3 + Math.Pow(Math.Log2(rate / best), 2);

    [Fact]
    public void Ladders_are_centred_on_the_start_and_geometric()
    {
        Assert.Equal([0.005, 0.01, 0.02], LearningRateLadder.Around(0.01, 2, 3).Rates);
        Assert.Equal([0.005, 0.01, 0.02, 0.04], LearningRateLadder.Around(0.01, 2, 4).Rates);
        Assert.Equal([0.01], LearningRateLadder.Around(0.01, 2, 1).Rates);
    }

    [Fact]
    public void Nothing_grows_when_every_best_is_inside()
    {
        var groups = new LearningRateTuner(Grid(Rule())).Groups(
            cell => Loss(cell.LearningRate!.Value, cell.Optimizer == "muon" ? 0.02 : 0.01));
        Assert.All(groups,
            group => Assert.Equal((3, true, false), (group.Rates.Count, group.IsDecided, group.IsBestOnEdge)));
        Assert.Equal([0.01, 0.02], groups.Select(group => group.Best!.Value));
    }

    [Fact]
    public void When_one_ladder_grows_all_grow_by_the_same_number()
    {
        // Muon's best is two rungs above its ladder; AdamW's is inside from the beginning.
        var groups = new LearningRateTuner(Grid(Rule())).Groups(
            cell => Loss(cell.LearningRate!.Value, cell.Optimizer == "muon" ? 0.16 : 0.01));
        Assert.All(groups, group => Assert.True(group.IsDecided));
        Assert.Equal(groups[0].Rates.Count, groups[1].Rates.Count);
        Assert.Equal(0.16, groups[1].Best);
        Assert.False(groups[1].IsBestOnEdge);
        Assert.Equal(0.01, groups[0].Best);
    }

    [Fact]
    public void The_budget_of_extensions_ends_the_search_and_the_edge_is_told()
    {
        var groups
            = new LearningRateTuner(Grid(Rule(extensions: 1))).Groups(cell => Loss(cell.LearningRate!.Value, 1e-6));
        Assert.All(groups,
            group => Assert.Equal((4, true, true), (group.Rates.Count, group.IsDecided, group.IsBestOnEdge)));
    }

    [Fact]
    public void Diverged_trials_push_the_ladder_downwards()
    {
        var groups = new LearningRateTuner(Grid(Rule())).Groups(
            cell => cell.LearningRate < 0.004 ? 3.0 + cell.LearningRate : double.PositiveInfinity);
        Assert.True(groups[0].Rates[0] < 0.004);
        Assert.Equal(0.02, groups[0].Rates[^1]);
    }

    [Fact]
    public void Unknown_losses_decide_nothing_and_ask_for_the_same_trials_again()
    {
        var groups = new LearningRateTuner(Grid(Rule())).Groups(cell => cell.LearningRate == 0.01 ? null : 3);
        Assert.All(groups, group => Assert.False(group.IsDecided));
        Assert.Equal([0.005, 0.01, 0.02], groups[0].Rates);
        Assert.Null(groups[0].Best);
    }

    [Fact]
    public void Cells_share_the_rate_of_their_anchor()
    {
        var rule = Rule() with { ForEach = [TuningAxis.Optimizer, TuningAxis.Size], AtTokensPerParameter = 20 };
        var tuner = new LearningRateTuner(Grid(rule));
        Assert.Equal(4, tuner.Groups(_ => null).Count);
        var anchor = tuner.AnchorOf(new GridCell("muon", "large", 5, 1));
        Assert.Equal(new GridCell("muon", "large", 20, 0), anchor);
    }

    [Fact]
    public void An_axis_of_learning_rates_is_tried_at_every_cell_and_never_grows()
    {
        var groups = new LearningRateTuner(Grid(null, 0.02, 0.01)).Groups(cell => cell.LearningRate);
        Assert.Equal(16, groups.Count);
        Assert.All(groups,
            group => Assert.Equal((0.01, true, true), (group.Best!.Value, group.IsDecided, group.IsBestOnEdge)));
    }

    [Fact]
    public void Repeats_add_seeds_to_their_cell_alone_for_every_optimizer_and_tune_nothing()
    {
        var grid = Grid(Rule()) with
        {
            Repeats = [new() { Size = "large", TokensPerParameter = 5, Seed = [1, 7, 8] }],
        };
        var tuner = new LearningRateTuner(grid);
        var added = tuner.Cells.Except(new LearningRateTuner(Grid(Rule())).Cells);
        Assert.Equal(
            [("adamw", "large", 5, 7), ("adamw", "large", 5, 8), ("muon", "large", 5, 7), ("muon", "large", 5, 8)],
            added.Select(cell => (cell.Optimizer, cell.Size, cell.TokensPerParameter, (int)cell.Seed)));
        Assert.Equal(tuner.Cells.Distinct().Count(), tuner.Cells.Count);
        Assert.Equal(2, tuner.Groups(_ => null).Count);
    }
}
