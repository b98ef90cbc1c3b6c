using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Launching;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Studies;
using PretrainBench.Training;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid plan</c>.</summary>
internal static class GridPlanCommand
{
    private static readonly Argument<string> File = GridArguments.File();
    private static readonly Argument<string[]> Overrides = GridArguments.Overrides();
    private static readonly Option<string?> Folder = GridArguments.Folder();
    private static readonly Option<int?> Workers = GridArguments.Workers();
    private static readonly Option<int?> Threads = GridArguments.Threads();

    private static readonly Option<string[]> Devices = GridArguments.Devices();
    private static readonly Option<int?> PerDevice = GridArguments.WorkersPerDevice();
    private static readonly Option<string?> Price = new("--price")
    {
        Description = "What an hour of a device (of the machine, without one) costs, such as 2.5/h: for the cost",
        HelpName = "PRICE/h",
    };

    public static Command Create()
        => new Command("plan", "Show what a grid would train and cost on this machine; starts and writes nothing")
        {
            File, Overrides, Folder, Workers, Threads, Devices, PerDevice, Price,
        }.WithExamples(
            "pretrainbench grid plan configs/quickstart.yaml",
            "pretrainbench grid plan configs/quickstart.yaml axes.optimizer=[adamw,muon] axes.seed=[0,1,2]")
        .RunsOnTorch(Execute);

    private static int Execute(CommandContext context)
    {
        var grid = GridFile.Read(context.Get(File), context.Get(Overrides));
        var launch = GridArguments.Launch(context.Get(Workers), context.Get(Threads),
            DeviceList.Of(context.Get(Devices) ?? [], grid), context.Get(PerDevice));
        var price = PricePerHour(context.Get(Price));
        var folder = GridFolder.Of(grid, context.Get(Folder));
        var watch = new OwnerWatch(OwnerWatch.DefaultTimeToLive);
        var states = new Dictionary<string, RunState>();
        RunState StateOf(PlannedRun run) => states.TryGetValue(run.RunId, out var known) ? known
            : states[run.RunId] = RunState.Read(Path.Combine(folder.Root, run.RunId), watch);

        var planner = new GridPlanner(grid);
        double? LossOf(PlannedRun run) => StateOf(run).TuningLoss;
        var planned = planner.Determined(LossOf);
        var outlook = planner.Outlook(LossOf);
        var rates = ThroughputProbe.Measure([.. planned, .. outlook], launch.DeviceOf(1));
        var estimate = GridEstimate.Of(
            planner, planned, outlook, LossOf, run => !StateOf(run).IsSettled, rates, launch);
        var reach = GridDesignStudy.Reach(planner);
        var cost = price * Math.Max(1, launch.Devices.Count) * estimate.Time.TotalHours;
        var memory = planned.Concat(outlook).DistinctBy(run => run.Cell.Size)
            .ToDictionary(run => run.Cell.Size, run => RunNeeds.Of(run.ReadConfig()).Memory);
        context.Print(
            new
            {
                estimate,
                reach,
                launch,
                rates,
                memory,
                cost,
                runs = planned.Concat(outlook).Select(run => new GridRunJson(run)),
            },
            Table(planned, outlook, StateOf) + "\n"
                + Summary(grid, folder, estimate, rates, launch) + MemoryLines(memory)
                + (cost is { } amount ? $"\ncost         about {amount.Rounded(3)} for the time left" : "")
                + $"\n{ReachText.Of(reach)}");
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
        LaunchConfig launch)
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
        var workers = $"{launch.Workers} workers × {launch.Threads} threads"
            + (launch.Devices.Count > 0 ? $" on {string.Join(", ", launch.Devices)}" : "");
        return $"""
            grid {grid.Config.Name} in {folder.Root}: {work}{saving}
            done         {estimate.Settled} runs, {estimate.DoneFlops / estimate.Flops:P0} of the FLOPs
            time left    about {Quantity.Time(estimate.Time)} with {workers}{extra}
            measured     GFLOP/s and {launch.LaneName}, forward and backward: {measured}
            """;
    }

    private static string MemoryLines(IReadOnlyDictionary<string, RunMemory> memory)
        => string.Concat(memory.Select(size =>
            $"\nmemory       {size.Key}: {Quantity.Bytes(size.Value.Weights)} weights, "
            + $"{Quantity.Bytes(size.Value.Gradients)} gradients, {Quantity.Bytes(size.Value.State)} optimizer state, "
            + $"{Quantity.Bytes(size.Value.Activations)} activations a run"));

    private static double? PricePerHour(string? text)
    {
        if (text is null) return null;
        var number = text.EndsWith("/h", StringComparison.Ordinal) ? text[..^2] : text;
        return Quantity.TryParse(number, out var price) && price >= 0 ? price
            : throw new UserException($"`--price {text}`: is no price of an hour, such as 2.5/h");
    }
}
