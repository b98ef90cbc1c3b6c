using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids;
using PretrainBench.Studies;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid collect</c>.</summary>
internal static class GridCollectCommand
{
    private static readonly Argument<string> Grid = GridArguments.FileOrFolder();
    private static readonly Option<string?> Folder = GridArguments.Folder();
    private static readonly Option<string?> Output = new("--out")
    {
        Description = "The table, CSV or Parquet by its name; default table.csv and table.parquet in the grid's folder",
        HelpName = "FILE",
    };

    public static Command Create()
        => new Command("collect",
            "Put a grid's results into one table for the laws; a partial grid gives a partial "
                + "table") { Grid, Folder, Output }
            .WithExamples(
                "pretrainbench grid collect configs/quickstart.yaml",
                "pretrainbench grid collect runs/quickstart --out results.parquet")
            .Runs(context =>
            {
                var tables = GridTables.Write(GridFolder.Planned(context.Get(Grid), context.Get(Folder)),
                    context.Get(Output));
                var (cells, trials, missing) = tables.Runs;
                context.Print(
                    new
                    {
                        table = tables.Table,
                        files = tables.Files,
                        rows = cells.Count,
                        trials = trials.Count,
                        missing
                    },
                    $"{cells.Count} rows{(trials.Count > 0 ? $" and {trials.Count} tuning trials" : "")} in "
                    + $"{string.Join(", ", tables.Files)}"
                    + (missing > 0 ? $"; {missing} cells are not finished" : ""));
                return ExitCodes.Done;
            });
}
