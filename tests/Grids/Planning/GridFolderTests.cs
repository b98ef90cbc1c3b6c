using System.Collections.Concurrent;
using System.Text.Json;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Launching;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Training;

namespace PretrainBench.Grids.Tests.Planning;

public class GridFolderTests(TestGrid grids) : IClassFixture<TestGrid>
{
    private const string Axes = """
        axes: {optimizer: [adamw, muon], size: [0.1M, 0.2M], tokens_per_parameter: [1, 2]}
        tuning: {start: {adamw: 0.01, muon: 0.02}, extensions: 1}
        """;

    private readonly GridFile _grid = grids.Grid(Axes);

    private GridFolder Folder() => grids.Folder(Axes);

    [Fact]
    public void Trials_come_first_and_cells_follow_when_rates_are_decided()
    {
        var folder = Folder();
        var planner = new GridPlanner(folder.Grid());
        var trials = folder.Extend(planner, _ => null);
        Assert.Equal(6, trials.Count);
        Assert.All(trials, run => Assert.True(run.IsTrial));
        Assert.Equal(6, planner.Outlook(_ => null).Count);
        Assert.Equal(8, planner.CellCount);
        Assert.Equal(2, Estimate(_ => null).MostExtraRuns);

        double? Loss(PlannedRun run) => run.IsTrial || run.Cell.TokensPerParameter == 1
            ? Math.Abs(Math.Log(run.Cell.LearningRate!.Value / 0.01))
            : null;
        var all = folder.Extend(planner, Loss);
        // Muon's best is the lowest of its ladder, so both ladders grow by one rung; the anchors' cells are trials
        // already.
        Assert.Equal(8, all.Count(run => run.IsTrial));
        Assert.Equal(8, planner.Chosen(Loss).Count);
        Assert.Equal(14, all.Count);
        Assert.Equal(all.Select(run => run.RunId), folder.Plan().Select(run => run.RunId));
        Assert.Empty(planner.Outlook(Loss));
        // The one extension has been used.
        Assert.Equal((0, TimeSpan.Zero), (Estimate(Loss).MostExtraRuns, Estimate(Loss).MostExtraTime));

        GridEstimate Estimate(Func<PlannedRun, double?> loss) => GridEstimate.Of(planner, planner.Determined(loss),
            planner.Outlook(loss), loss, _ => true, new Dictionary<string, double> { ["0.1M"] = 1e9, ["0.2M"] = 1e9 },
            new LaunchConfig(1, 1));
    }

    // The runs of a cell are bound once: each must be the run that its own configuration means.
    [Theory]
    [InlineData("trunks: false")]
    [InlineData("trunks: true")]
    public void Every_planned_run_is_the_run_that_its_configuration_resolves_to(string trunks)
    {
        var planner = new GridPlanner(grids.Grid($$"""
            axes:
              optimizer: [adamw, muon]
              size: [0.1M]
              tokens_per_parameter: [1, 2, 4]
              seed: [3, 0, {{ulong.MaxValue}}]
            repeats: [{size: 0.1M, tokens_per_parameter: 2, seed: [5]}]
            {{trunks}}
            """, more: ", schedule: {kind: wsd}"));
        var runs = planner.Determined(_ => null);
        Assert.Equal(20, runs.Count);
        Assert.All(runs, run =>
        {
            Assert.Equal(run.Cell.Seed, run.ReadConfig().Seed);
            Assert.Equal(run.RunId, RunSession.Resolve(run.ReadConfig()).Id);
        });
        Assert.Same(runs, planner.Determined(_ => null));
    }

    [Fact]
    public void Many_that_extend_the_plan_at_once_agree_on_it()
    {
        var folder = Folder();
        var plans = new ConcurrentBag<string>();
        Parallel.For(0, 8,
            _ => plans.Add(
                string.Join(',', new GridFolder(folder.Root).Extend(new GridPlanner(folder.Grid()), _ => null)
                    .Select(run => run.RunId))));
        Assert.Single(plans.Distinct());
        Assert.Equal(folder.Plan().Count, folder.Plan().Select(run => run.RunId).Distinct().Count());
    }

    [Fact]
    public void The_plan_stays_as_it_was_frozen_and_an_edited_grid_makes_another()
    {
        var folder = Folder();
        var before = folder.Extend(new GridPlanner(folder.Grid()), _ => null);
        folder.Use(_grid);
        Assert.Equal(before.Select(run => run.RunId), folder.Plan().Select(run => run.RunId));
        folder.Use(
            _grid with
            {
                Config = _grid.Config with { Axes = _grid.Config.Axes with { Optimizer = ["adamw"] }, Tuning = null },
            });
        Assert.Empty(folder.Plan());
        Assert.Equal(4, folder.Extend(new GridPlanner(folder.Grid()), _ => null).Count);
    }

    [Fact]
    public void A_plan_holds_configurations_as_JSON_objects_that_read_back_as_the_same_runs()
    {
        var folder = Folder();
        var planner = new GridPlanner(folder.Grid());
        folder.Extend(planner, _ => null);
        var line =
            File.ReadLines(Directory.GetFiles(folder.Root, "1.jsonl", SearchOption.AllDirectories).Single()).First();
        var json = JsonDocument.Parse(line).RootElement;
        Assert.Equal(32, json.GetProperty("config").GetProperty("batch").GetProperty("sequence_length").GetInt32());
        Assert.All(folder.Plan(), run => Assert.Equal(
            ConfigWriter.ToCanonicalJson(CellConfiguration.Of(planner.Grid, run.Cell)),
            ConfigWriter.ToCanonicalJson(run.ReadConfig())));
    }

    [Fact]
    public void A_plan_of_an_earlier_version_is_neither_read_nor_planned_over()
    {
        var folder = Folder();
        folder.Extend(new GridPlanner(folder.Grid()), _ => null);
        var plan = Directory.GetFiles(folder.Root, "1.jsonl", SearchOption.AllDirectories).Single();
        const string Old = """{"run_id":"a","cell":{"optimizer":"adamw"},"config":"seed: 0\n","tokens":1,"flops":1}""";
        File.WriteAllText(plan, Old);

        foreach (var use in new Action[] { () => folder.Plan(), () => folder.Use(_grid) })
        {
            var message = Assert.Throws<UserException>(use).Message;
            Assert.StartsWith(plan, message, StringComparison.Ordinal);
            Assert.Contains("launch it into another folder", message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_plan_knows_tokens_and_FLOPs()
    {
        var run = new GridPlanner(_grid).RunOf(new GridCell("adamw", "0.1M", 2, 0, LearningRate: 0.01));
        // 107,200 non-embedding parameters (2 × (4·64² + 3·64·192) matrices + (4·2 + 1)·64 gains), rounded to steps of
        // 128 tokens.
        var parameters = 2 * (4 * 64 * 64 + 3 * 64 * 192) + 9 * 64;
        Assert.Equal(Math.Round(2.0 * parameters / 128) * 128, run.Tokens);
        Assert.Equal(3.0 * (2 * (parameters - 9 * 64 + 64.0 * 300) + 4 * 2 * 64 * 32) * run.Tokens, run.Flops);
    }

    [Fact]
    public void States_are_read_from_files()
    {
        var folder = Folder();
        var view = new GridView(folder);
        var run = view.Plan()[0];
        Assert.Equal(RunStateKind.Waiting, view.StateOf(run).Kind);
        var claims = new Grids.Claims.ClaimFiles(folder.RunFolder(run.RunId));
        claims.TryClaim(0, ProcessIdentity.Current);
        claims.Beat(1, new Grids.Claims.Heartbeat(1, run.Tokens / 2, run.Tokens, 1000));
        var status = view.Status();
        Assert.Equal(1, status.Count(RunStateKind.Running));
        Assert.Equal(run.Flops * (run.Tokens / 2) / run.Tokens, status.DoneFlops, 1e-3 * run.Flops);
        Assert.Equal(1000, status.TokensPerSecond);
        claims.End(1, new Grids.Claims.ClaimEnd(Grids.Claims.ClaimEndKind.Failed, "impossible", Final: true));
        Assert.Equal((RunStateKind.Failed, "impossible"), (view.StateOf(run).Kind, view.StateOf(run).Message));
        Assert.Null(view.TuningLossOf(run));
    }
}
