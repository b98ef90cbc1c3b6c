using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids.Collecting;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid collect</c>.</summary>
internal static class GridCollectCommand
{
    private static readonly Argument<string> Grid = GridArguments.FileOrFolder();
    private static readonly Option<string?> Folder = GridArguments.Folder();
    private static readonly Option<string?> Output = new("--out") { Description = "The table; default table.csv in the grid's folder", HelpName = "FILE.csv" };

    public static Command Create()
        => new Command("collect", "Put a grid's results into one table for the laws; a partial grid gives a partial table") { Grid, Folder, Output }
            .WithExamples(
                "pretrainbench grid collect configs/quickstart.yaml",
                "pretrainbench grid collect runs/quickstart --out results.csv")
            .Runs(context =>
            {
                var collection = GridCollector.Collect(GridArguments.Planned(context.Get(Grid), context.Get(Folder)), context.Get(Output));
                context.Print(
                    new { table = collection.TablePath, trials = collection.TrialsPath, rows = collection.Rows.Count, collection.Missing },
                    $"{collection.Rows.Count} rows in {collection.TablePath}"
                    + (collection.TrialsPath is { } trials ? $", tuning trials in {trials}" : "")
                    + (collection.Missing > 0 ? $"; {collection.Missing} cells are not finished" : ""));
                return ExitCodes.Done;
            });
}
