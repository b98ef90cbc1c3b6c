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
        context.Print(report.Text is null ? GridText.ToJson(status!, DateTimeOffset.UtcNow) : report,
            report.Text ?? GridText.Summary(status!));
        return report.ExitCode;
    }

    /// <summary>Launches the grid; where its workers are watched, to their end.</summary>
    public static (LaunchReport Report, GridStatus? Status) Train(
        CommandContext context, GridFolder folder, IGridLauncher launcher, bool force = false)
    {
        if (launcher.Here is { } here) Announce(context, folder, here, force);
        var messages = new List<string>();
        GridStatus? first = null, last = null;
        var watch = Stopwatch.StartNew();
        var launched = ProgressDisplay.Run("grid", report => launcher.Submit(folder, new(
            status =>
            {
                last = status;
                first ??= status;
                report(new ProgressUpdate(status.DoneFlops, Math.Max(1, status.TotalFlops),
                    GridText.Progress(status, status.TimeLeftSince(first, watch.Elapsed))));
            },
            line =>
            {
                lock (messages) messages.Add(line);
            },
            context.Interruption.Token)));
        lock (messages)
            foreach (var line in messages) context.Error.WriteLine(line);
        if (last is not null) Explain(context, folder, launched.ExitCode, last);
        return (launched, last);
    }

    private static void Explain(CommandContext context, GridFolder folder, int code, GridStatus last)
    {
        foreach (var line in last.Lines.Where(line => line.State.Kind == RunStateKind.Failed))
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
