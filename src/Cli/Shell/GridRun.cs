using System.Diagnostics;
using PretrainBench.Core;
using PretrainBench.Grids;
using PretrainBench.Grids.Launching;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;

namespace PretrainBench.Cli.Shell;

/// <summary>Launches a planned grid with its progress shown.</summary>
internal static class GridRun
{
    /// <summary>Runs the workers to the end, and prints where the grid stands then.</summary>
    /// <param name="launch">How many workers.</param>
    /// <param name="force">Whether to start what will probably not fit.</param>
    /// <returns>See <see cref="ExitCodes"/>.</returns>
    public static int Launch(CommandContext context, GridFolder folder, LaunchConfig launch, bool force)
    {
        var (code, status) = Train(context, folder, launch, force);
        context.Print(GridText.ToJson(status, DateTimeOffset.UtcNow), GridText.Summary(status));
        return code;
    }

    /// <summary>Runs the workers to the end.</summary>
    public static (int Code, GridStatus Status) Train(
        CommandContext context, GridFolder folder, LaunchConfig launch, bool force = false)
    {
        Announce(context, folder, launch, force);
        var messages = new List<string>();
        GridStatus? first = null, last = null;
        var watch = Stopwatch.StartNew();
        var code = ProgressDisplay.Run("grid", report =>
        {
            var launcher = new LocalLauncher(folder, launch, line =>
            {
                lock (messages) messages.Add(line);
            });
            return launcher.Run(status =>
            {
                last = status;
                first ??= status;
                report(new ProgressUpdate(status.DoneFlops, Math.Max(1, status.TotalFlops),
                    GridText.Progress(status, status.TimeLeftSince(first, watch.Elapsed))));
            }, context.Interruption.Token);
        });
        lock (messages)
            foreach (var line in messages) context.Error.WriteLine(line);
        foreach (var line in last!.Lines.Where(line => line.State.Kind == RunStateKind.Failed))
            context.Error.WriteLine(
                $"pretrainbench: {line.Run.Cell} failed: {line.State.Message} (files in "
                    + $"{Path.Combine(folder.Root, line.Run.RunId)})");
        if (code == ExitCodes.Preempted)
            context.Error.WriteLine("pretrainbench: stopped after checkpoints; the same command goes on from there");
        else if (code == ExitCodes.Failed)
            context.Error.WriteLine(
                $"pretrainbench: {last.Total - last.Settled} runs are open and "
                + $"{last.Count(RunStateKind.Failed)} failed; `pretrainbench grid resume {folder.Root}` tries them "
                + "again");
        return (code, last);
    }

    private static void Announce(CommandContext context, GridFolder folder, LaunchConfig launch, bool force)
    {
        if (GridNeeds.Of(folder, launch) is not { } needs) return;
        context.Error.WriteLine($"grid: {needs.Runs} runs to train, {Quantity.Count(needs.Tokens)} tokens; about "
            + NeedsText.Of(needs.MemoryBytes, needs.DiskBytes, folder.Root) + $", {Quantity.Time(needs.Time)}");
        NeedsText.Warn(context, needs.Warnings);
        if (!force) MachineSpace.Require(needs.MemoryBytes, needs.DiskBytes, folder.Root);
    }
}
