using System.CommandLine;
using PretrainBench.Cli.Shell;
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

    public static Command Create()
        => new Command("work", "Work on a planned grid until nothing is left; started by launchers") { Folder, Threads }
            .Hide()
            .RunsOnTorch(context =>
            {
                using var parent = new ParentWatch(context.Interruption);
                return new GridWorker(new GridFolder(context.Get(Folder)), context.Get(Threads))
                    .Work(context.Interruption.Token);
            });

    private static Command Hide(this Command command)
    {
        command.Hidden = true;
        return command;
    }
}
