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
    /// <summary>Launches the grid, and prints what was submitted, or where the grid stands at the end.</summary>
    /// <param name="force">Whether to start what will probably not fit.</param>
    /// <returns>See <see cref="ExitCodes"/>.</returns>
    public static int Launch(CommandContext context, GridFolder folder, IGridLauncher launcher, bool force)
    {
        var (report, status) = Train(context, folder, launcher, force);
        if (report.Text is { } text) context.Print(report, text);
        else
            context.Print(GridText.ToJson(status!, DateTimeOffset.UtcNow),
                GridClosing.Of(new GridView(folder), folder, status!));
        return report.ExitCode;
    }

    /// <summary>Launches the grid; where its workers are watched, to their end.</summary>
    public static (LaunchReport Report, GridStatus? Status) Train(
        CommandContext context, GridFolder folder, IGridLauncher launcher, bool force = false)
    {
        if (launcher.Here is { } asked)
        {
            var here = asked with { Workers = WaitForRoom(context, folder, asked) };
            if (here != asked) launcher = new LocalLauncher(here);
            Announce(context, folder, here, force);
        }
        GridStatus? first = null, last = null;
        var changes = new GridChanges();
        var watch = Stopwatch.StartNew();
        var launched = ProgressDisplay.Run("grid", screen => launcher.Submit(folder, new(
            status =>
            {
                last = status;
                first ??= status;
                foreach (var line in changes.Since(status))
                    if (line.State.Kind is RunStateKind.Failed or RunStateKind.Diverged)
                        screen.Say(GridText.Line(line));
                screen.Report(new ProgressUpdate(status.DoneFlops, Math.Max(1, status.TotalFlops),
                    GridText.Progress(status, status.TimeLeftSince(first, watch.Elapsed)),
                    GridTable.Running(status)));
            },
            screen.Say,
            context.Interruption.Token)));
        if (launched.ExitCode == ExitCodes.Preempted)
            context.Error.WriteLine("pretrainbench: stopped after checkpoints; the same command goes on from there");
        else if (launched.ExitCode == ExitCodes.Failed && last is not null)
            context.Error.WriteLine(
                $"pretrainbench: {last.Total - last.Settled} runs are open and "
                + $"{last.Count(RunStateKind.Failed)} failed; `pretrainbench grid resume {folder.Root}` tries them "
                + "again");
        return (launched, last);
    }

    // Workers that are there already, another launch's or started by hand, count as wide as those to be started.
    private static int WaitForRoom(CommandContext context, GridFolder folder, LaunchConfig launch)
    {
        var view = new GridView(folder);
        var (most, there) = (Environment.ProcessorCount / launch.Threads, view.WorkersHere());
        if (there == 0) return launch.Workers;
        var room = Math.Min(launch.Workers, most - there);
        context.Error.WriteLine($"grid: {there} workers train this grid on this machine already, and its "
            + $"{Environment.ProcessorCount} cores allow {most}: "
            + (room > 0 ? $"starting {room}"
                : "waiting until one ends or the grid is over; Ctrl-C ends the waiting alone"));
        if (room > 0) return room;
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(context.Interruption.Token);
        view.Follow(_ =>
        {
            room = Math.Min(launch.Workers, most - view.WorkersHere());
            if (room > 0) enough.Cancel();
        }, enough.Token);
        context.Interruption.Token.ThrowIfCancellationRequested();
        return Math.Max(1, room);
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
