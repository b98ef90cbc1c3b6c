using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Studies;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid plan</c>.</summary>
internal static class GridPlanCommand
{
    private static readonly Argument<string> File = GridArguments.File();
    private static readonly Argument<string[]> Overrides = GridArguments.Overrides();
    private static readonly Option<string?> Folder = GridArguments.Folder();
    private static readonly Option<int?> Workers = GridArguments.Workers();
    private static readonly Option<int?> Threads = GridArguments.Threads();

    public static Command Create()
        => new Command("plan", "Show what a grid would train and cost on this machine; starts and writes nothing")
        {
            File, Overrides, Folder, Workers, Threads,
        }.WithExamples(
            "pretrainbench grid plan configs/quickstart.yaml",
            "pretrainbench grid plan configs/quickstart.yaml axes.optimizer=[adamw,muon] axes.seed=[0,1,2]")
        .RunsOnTorch(Execute);

    private static int Execute(CommandContext context)
    {
        var launch = GridArguments.Launch(context.Get(Workers), context.Get(Threads));
        var grid = GridFile.Read(context.Get(File), context.Get(Overrides));
        var folder = GridFolder.Of(grid, context.Get(Folder));
        var watch = new OwnerWatch(OwnerWatch.DefaultTimeToLive);
        var states = new Dictionary<string, RunState>();
        RunState StateOf(PlannedRun run) => states.TryGetValue(run.RunId, out var known) ? known
            : states[run.RunId] = RunState.Read(Path.Combine(folder.Root, run.RunId), watch);

        var planner = new GridPlanner(grid);
        double? LossOf(PlannedRun run) => StateOf(run).TuningLoss;
        var planned = planner.Determined(LossOf);
        var outlook = planner.Outlook(LossOf);
        var rates = ThroughputProbe.Measure([.. planned, .. outlook]);
        var estimate = GridEstimate.Of(
            planner, planned, outlook, LossOf, run => !StateOf(run).IsSettled, rates, launch);
        var reach = GridDesignStudy.Reach(planner);
        context.Print(
            new
            {
                estimate,
                reach,
                launch,
                rates,
                runs = planned.Concat(outlook).Select(run => new GridRunJson(run)),
            },
            Table(planned, outlook, StateOf) + "\n"
                + Summary(grid, folder, estimate, rates, launch.Workers, launch.Threads) + "\n"
                + ReachText.Of(reach));
        return ExitCodes.Done;
    }

    private static string Table(
        IReadOnlyList<PlannedRun> planned, IReadOnlyList<PlannedRun> outlook, Func<PlannedRun, RunState> stateOf)
        => Tables.Render(["cell", "tokens", "FLOPs", "what for"],
        [
            .. planned.Select(run => Row(run, run.Cell, (run.IsTrial ? "learning-rate trial" : "cell") + Role(run)
                + (stateOf(run).IsSettled ? ", has its result" : ""))),
            .. outlook.Select(run =>
                Row(run, run.Cell with { LearningRate = null }, $"cell{Role(run)}, at the tuned learning rate")),
        ]);

    private static string[] Row(PlannedRun run, GridCell cell, string purpose)
        => [cell.ToString(), Quantity.Count(run.OwnTokens), run.OwnFlops.Scientific(3), purpose];

    private static string Role(PlannedRun run) => run.TrunkRole.Length > 0 ? $", {run.TrunkRole}" : "";

    private static string Summary(
        GridFile grid, GridFolder folder, GridEstimate estimate, IReadOnlyDictionary<string, double> rates,
        int workers, int threads)
    {
        var extra = estimate.MostExtraRuns == 0 ? ""
            : $", and at most {estimate.MostExtraRuns} more trials ({Quantity.Time(estimate.MostExtraTime)}) if "
                + "the best rates lie on an edge";
        var measured = string.Join(", ", rates.Select(rate => $"{rate.Key} {rate.Value / 1e9:0.0}"))
            + "; optimizer steps and evaluations come on top";
        var work = $"{estimate.Runs} runs, {Quantity.Count(estimate.Tokens)} tokens, "
            + $"{estimate.Flops.Scientific(3)} FLOPs";
        var saving = estimate.Tokens == estimate.TokensAlone ? ""
            : $"\ntrunks       train on {estimate.Tokens / estimate.TokensAlone:P0} of "
                + $"{Quantity.Count(estimate.TokensAlone)} tokens, with {estimate.Flops / estimate.FlopsAlone:P0} of "
                + $"{estimate.FlopsAlone.Scientific(3)} FLOPs";
        return $"""
            grid {grid.Config.Name} in {folder.Root}: {work}{saving}
            time left    about {Quantity.Time(estimate.Time)} with {workers} workers × {threads} threads{extra}
            measured     GFLOP/s and thread, forward and backward: {measured}
            """;
    }
}
