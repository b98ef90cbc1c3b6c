using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids;
using PretrainBench.Grids.Launching;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid cancel</c>.</summary>
internal static class GridCancelCommand
{
    private static readonly Argument<string> Grid = GridArguments.FileOrFolder();
    private static readonly Option<string?> Folder = GridArguments.Folder();

    public static Command Create()
        => new Command("cancel", "End a grid's workers wherever they were launched; what they train is saved first")
        {
            Grid, Folder,
        }.WithExamples("pretrainbench grid cancel runs/quickstart")
        .Runs(context =>
        {
            var folder = GridFolder.Planned(context.Get(Grid), context.Get(Folder));
            var told = new List<string>();
            var failed = new List<string>();
            foreach (var name in GridLaunchers.Names)
                try
                {
                    told.AddRange(GridLaunchers.Of(name, new LaunchRequest()).Cancel(folder));
                }
                catch (UserException e)
                {
                    // One scheduler that is away must not keep the others' workers alive.
                    failed.Add($"{name}: {e.Message}");
                }
            context.Print(new { folder = folder.Root, told, failed }, told.Count > 0
                ? $"{folder.Root}: told to end: {string.Join(", ", told)}"
                : failed.Count > 0 ? $"{folder.Root}: nothing was told to end"
                : $"{folder.Root}: no worker is queued or running");
            foreach (var reason in failed) context.Error.WriteLine($"pretrainbench: {reason}");
            return failed.Count == 0 ? ExitCodes.Done : ExitCodes.Failed;
        });
}
