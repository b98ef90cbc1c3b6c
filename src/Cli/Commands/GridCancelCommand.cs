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
            var told = GridLaunchers.Names
                .SelectMany(name => GridLaunchers.Of(name, new LaunchRequest()).Cancel(folder)).ToList();
            context.Print(new { folder = folder.Root, told }, told.Count == 0
                ? $"{folder.Root}: no worker is queued or running"
                : $"{folder.Root}: told to end: {string.Join(", ", told)}");
            return ExitCodes.Done;
        });
}
