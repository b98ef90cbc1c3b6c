using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Reports;
using PretrainBench.Reports.Page;
using PretrainBench.Studies;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench report</c>.</summary>
internal static class ReportCommand
{
    private static readonly TableArguments Table = new();

    private static readonly Option<string> Output = new("--out")
    {
        Description = "The page; the same numbers go beside it as JSON",
        HelpName = "FILE.html",
        DefaultValueFactory = _ => "report.html",
    };

    private static readonly Option<string?> Grid = new("--grid")
    {
        Description = "The grid that the results are of, for loss curves and settings: its file or folder",
        HelpName = "GRID",
    };

    public static Command Create()
        => Table.AddTo(
            new Command("report", "Write one self-contained HTML page: the answer first, then what it rests on"))
            .With(Output, Grid)
            .WithExamples(
                "pretrainbench report runs/quickstart/table.csv --grid runs/quickstart "
                    + "--out runs/quickstart/report.html",
                "pretrainbench report published.csv --map N=params D=train_tokens")
            .Runs(context =>
            {
                var input = ReportAnalysis.Run(Table.Read(context));
                if (context.Get(Grid) is { } grid) input = GridReport.Enrich(input, GridArguments.Planned(grid, null));
                var page = GridReport.Write(input, context.Get(Output)!);
                context.Print(new { report = page.Html, json = page.Json },
                    $"{Screen(input)}\nreport   {page.Html}");
                return ExitCodes.Done;
            });

    /// <summary>The page's first screen without its picture.</summary>
    private static string Screen(ReportInput input)
    {
        var verdict = Verdict.Of(input);
        return string.Join('\n', verdict.Trust.Select(doubt => "* " + doubt).Prepend(verdict.Headline))
            + (input.Table.Optimizers.Count > 1 ? "\n\n" + TextTable.Write(Overview.Table(input)) : "");
    }
}
