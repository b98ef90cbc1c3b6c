using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids;
using PretrainBench.Grids.Working;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid work</c>: one worker; what launchers start.</summary>
internal static class GridWorkCommand
{
    private static readonly Argument<string> Folder = new("FOLDER") { Description = "The grid's folder" };
    private static readonly Option<int> Threads = new("--threads")
    {
        Description = "Threads within operators",
        DefaultValueFactory = _ => 1,
    };

    private static readonly Option<string?> Device = new("--device") { Description = "Where to train: cpu or cuda" };
    private static readonly Option<int> OnDevice = new("--workers-on-device")
    {
        Description = "How many workers share the device",
        DefaultValueFactory = _ => 1,
    };

    // A timer holds no more.
    private const int MostDays = 49;

    public static Command Create()
        => new Command("work", "Work on a planned grid until nothing is left; started by launchers")
        {
            Folder, Threads, Device, OnDevice,
        }
            .Hide()
            .RunsOnTorch(Execute);

    private static int Execute(CommandContext context)
    {
        using var parent = new ParentWatch(context.Interruption);
        var stop = context.Interruption.Token;
        var job = SlurmJob.Current;
        var time = job?.TimeLeft() is { TotalDays: < MostDays } left ? new WorkerTime(left) : null;
        using var limit = time is null ? null : new Timer(
            _ => context.Interruption.Request(isNotice: true), null, time.UntilStop, Timeout.InfiniteTimeSpan);
        var worker = new GridWorker(new GridFolder(context.Get(Folder)), context.Get(Threads), time: time,
            device: context.Get(Device) is { } name ? new WorkerDevice(name, context.Get(OnDevice)) : null);
        var code = worker.Work(stop);
        if (worker.IsOutOfTime || (code == ExitCodes.Preempted && context.Interruption.IsNotice)) job?.Requeue();
        return code;
    }

    private static Command Hide(this Command command)
    {
        command.Hidden = true;
        return command;
    }
}
