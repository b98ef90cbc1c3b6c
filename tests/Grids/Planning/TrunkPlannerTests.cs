using PretrainBench.Core;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Launching;
using PretrainBench.Grids.Planning;

namespace PretrainBench.Grids.Tests.Planning;

public class TrunkPlannerTests(TestGrid grids) : IClassFixture<TestGrid>
{
    [Fact]
    public void Six_ratios_from_20_to_200_with_trunks_take_at_most_55_percent_of_the_tokens()
    {
        var (runs, estimate) = Planned("""
            axes: {optimizer: [adamw, muon], size: [0.1M, 0.2M], tokens_per_parameter: [20, 32, 50, 80, 126, 200],
              seed: [0, 1]}
            trunks: true
            """);
        Assert.Equal(2 * 2 * 6 * 2, runs.Count);
        Assert.InRange(estimate.Tokens / estimate.TokensAlone, 0.4, 0.55);
        Assert.InRange(estimate.Flops / estimate.FlopsAlone, 0.4, 0.55);
        Assert.Equal(estimate.TokensAlone, runs.Sum(run => (double)run.Tokens));
        // By hand: the longest whole, a fifth of each of the others.
        var ratios = new[] { 20, 32, 50, 80, 126 };
        Assert.Equal((200 + ratios.Sum() / 5.0) / (200 + ratios.Sum()), estimate.Tokens / estimate.TokensAlone, 3);
        Assert.Equal(estimate.Flops / 1e6, estimate.Time.TotalSeconds, estimate.Time.TotalSeconds / 1e6);
    }

    [Fact]
    public void The_longest_run_is_the_trunk_and_the_others_leave_it_where_their_rates_fall()
    {
        var (runs, _) = Planned("""
            axes: {optimizer: [adamw], size: [0.1M], tokens_per_parameter: [1, 4, 2], seed: [0, 1]}
            trunks: true
            """);
        foreach (var seed in runs.GroupBy(run => run.Cell.Seed))
        {
            var byRatio = seed.ToDictionary(run => run.Cell.TokensPerParameter);
            Assert.Equal("branch branch trunk",
                string.Join(' ', new[] { 1, 2, 4 }.Select(ratio => byRatio[ratio].TrunkRole)));
            Assert.All(seed, run => Assert.Equal(byRatio[4].RunId, run.Trunk!.RunId));
            Assert.Equal(byRatio[4].Trunk!.BranchSteps.Order(),
                [byRatio[1].Trunk!.SharedSteps, byRatio[2].Trunk!.SharedSteps]);
            Assert.Equal(byRatio[4].Tokens, byRatio[4].OwnTokens);
            Assert.Equal(0.2, (double)byRatio[2].OwnTokens / byRatio[2].Tokens, 3);
        }
        Assert.Equal(6, runs.Select(run => run.RunId).Distinct().Count());
        // A warm-up that is a part of the run is that of the shortest: 838 steps of 128 tokens.
        Assert.All(runs, run => Assert.Equal(42, run.ReadConfig().Schedule.WarmupSteps));
    }

    [Fact]
    public void A_tail_that_begins_before_the_decay_is_not_taken_over()
    {
        const string Axes = "axes: {optimizer: [adamw], size: [0.1M], tokens_per_parameter: [1, 2]}\ntrunks: true";
        double Shared(string averaging)
        {
            var grid = grids.Grid(Axes, ", schedule: {kind: wsd}, averaging: " + averaging);
            var branch = new GridPlanner(grid).Determined(_ => null).Single(run => run.TrunkRole == "branch");
            return (double)branch.Trunk!.SharedTokens / branch.Tokens;
        }

        Assert.Equal([0.8, 0.8, 0.5], new[] { "{kind: ema}", "{kind: tail}", "{kind: tail, fraction: 0.5}" }
            .Select(averaging => Math.Round(Shared(averaging), 2)));
    }

    [Fact]
    public void What_a_ladder_tries_is_trained_alone_and_the_trunk_serves_the_rest()
    {
        var planner = new GridPlanner(Grid("""
            axes: {optimizer: [adamw], size: [0.1M], tokens_per_parameter: [1, 2, 4]}
            trunks: true
            tuning: {start: {adamw: 0.01}, extensions: 0, at_tokens_per_parameter: 4}
            """));
        Assert.All(planner.Determined(_ => null), trial => Assert.Equal("", trial.TrunkRole));
        Assert.Equal(["branch", "trunk"], planner.Outlook(_ => null).Select(run => run.TrunkRole));

        double? Loss(PlannedRun run) => run.IsTrial || run.Cell.TokensPerParameter == 4 ? run.Cell.LearningRate : null;
        var all = planner.Determined(Loss);
        Assert.Equal(["", "", "", "branch", "trunk"], all.Select(run => run.TrunkRole));
        // The trial that won is the longest cell, and has the bits of the trunk as far as that goes.
        Assert.Single(planner.Chosen(Loss).Select(chosen => chosen.Run.Trunk!.RunId).Distinct());
    }

    [Fact]
    public void Every_rate_of_an_axis_has_its_trunk_and_a_seed_at_one_cell_has_none()
    {
        var (runs, _) = Planned("""
            axes: {optimizer: [adamw], size: [0.1M], tokens_per_parameter: [1, 2], learning_rate: [1e-3, 1e-2]}
            repeats: [{size: 0.1M, tokens_per_parameter: 1, seed: [7]}]
            trunks: true
            """);
        Assert.Equal(["branch 0.001", "branch 0.01", "trunk 0.001", "trunk 0.01"], runs
            .Where(run => run.Cell.Seed == 0).Select(run => $"{run.TrunkRole} {run.Cell.LearningRate}").Order());
        Assert.All(runs.Where(run => run.Cell.Seed == 7), run => Assert.Null(run.Trunk));
    }

    [Fact]
    public void A_grid_without_trunks_shares_nothing()
    {
        var (runs, estimate) = Planned("axes: {optimizer: [adamw], size: [0.1M], tokens_per_parameter: [1, 2]}");
        Assert.All(runs, run => Assert.Null(run.Trunk));
        Assert.Equal((estimate.TokensAlone, estimate.FlopsAlone), (estimate.Tokens, estimate.Flops));
    }

    [Fact]
    public void What_trunks_cannot_be_made_of_is_an_error_that_says_what_to_do()
    {
        const string Axes = "axes: {optimizer: [adamw], size: [0.1M], tokens_per_parameter: [1, 2]}\ntrunks: true\n";
        var planner = new GridPlanner(grids.Grid(Axes));
        Assert.Contains("set `schedule: {kind: wsd}` in the base",
            Assert.Throws<UserException>(() => planner.Determined(_ => null)).Message, StringComparison.Ordinal);
        Assert.Contains("leave tokens_per_parameter out of tuning.for_each", Assert.Throws<UserException>(
            () => grids.Grid(Axes + "tuning: {start: {adamw: 0.01}, for_each: [tokens_per_parameter]}")).Message,
            StringComparison.Ordinal);
    }

    private GridFile Grid(string axes) => grids.Grid(axes, ", schedule: {kind: wsd}");

    private (IReadOnlyList<PlannedRun> Runs, GridEstimate Estimate) Planned(string axes)
    {
        var planner = new GridPlanner(Grid(axes));
        var runs = planner.Determined(_ => null);
        var rates = runs.Select(run => run.Cell.Size).Distinct().ToDictionary(size => size, _ => 1e6);
        return (runs, GridEstimate.Of(planner, runs, [], _ => null, _ => true, rates, new LaunchConfig(1, 1)));
    }
}
