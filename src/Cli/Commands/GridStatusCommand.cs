using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids;
using PretrainBench.Grids.Status;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid status</c>.</summary>
internal static class GridStatusCommand
{
    private static readonly Argument<string> Grid = GridArguments.FileOrFolder();
    private static readonly Option<string?> Folder = GridArguments.Folder();

    public static Command Create()
        => new Command("status", "Show where a grid stands, from its files alone") { Grid, Folder }
            .WithExamples(
                "pretrainbench grid status configs/quickstart.yaml",
                "pretrainbench grid status runs/quickstart --json")
            .Runs(context =>
            {
                var status = new GridView(GridFolder.Planned(context.Get(Grid), context.Get(Folder))).Status();
                var now = DateTimeOffset.UtcNow;
                context.Print(GridText.ToJson(status, now),
                    GridText.Table(status, now) + "\n" + GridText.Summary(status));
                return ExitCodes.Done;
            });
}
