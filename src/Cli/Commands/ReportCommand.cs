using System.CommandLine;
using PretrainBench.Cli.Doctor;
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

    private static readonly Option<string?> Output = new("--out")
    {
        Description = "The page, its numbers beside it as JSON; default report.html in the grid's folder, "
            + "or beside the first table, with its name: mine.csv gives mine-report.html",
        HelpName = "FILE.html",
    };

    private static readonly Option<string?> Figures = new("--figures")
    {
        Description = "Also write each figure as JSON for plotly, and each table as CSV and LaTeX, into this folder",
        HelpName = "FOLDER",
    };

    public static Command Create()
        => Table.AddTo(
            new Command("report",
                "Compare optimizers on one self-contained HTML page: the answer first, then what it rests on; of a "
                    + "grid, with its curves and settings"))
            .With(Output, Figures)
            .WithExamples(
                "pretrainbench report runs/quickstart",
                "pretrainbench report runs/first runs/second --optimizers adamw,muon",
                "pretrainbench report published.csv --map N=params D=train_tokens --out pages/published.html")
            .Runs(context =>
            {
                var input = ReportAnalysis.Run(Table.Read(context));
                if (Table.Grid(context) is { } grid) input = GridReport.Enrich(input, grid);
                input = input with
                {
                    Lineage = [.. input.Lineage, new("report by", "pretrainbench " + Examination.Version()),
                        new("report made with", string.Join(' ', context.Arguments.Tokens.Select(t => t.Value)))],
                };
                if (context.Get(Figures) is { } folder) ReportFigures.Write(input, folder);
                var page = GridReport.Write(input, context.Get(Output)
                    ?? PlaceOf(input.Table.Sources[0]));
                context.Print(new { report = page.Html, json = page.Json },
                    $"{Screen(input)}\nreport   {page.Html}");
                return ExitCodes.Done;
            });

    // Reports of two tables in one folder are two pages.
    private static string PlaceOf(string source) => Directory.Exists(source)
        ? Path.Combine(source, "report.html") : Path.ChangeExtension(source, null) + "-report.html";

    /// <summary>The page's first screen without its picture.</summary>
    private static string Screen(ReportInput input)
    {
        var verdict = Verdict.Of(input);
        var doubts = verdict.Trust.Concat(input.Findings
            .Where(finding => finding.Code is "rows-left-out" or "no-shared-law").Select(finding => finding.Message));
        return string.Join('\n', doubts.Select(doubt => "* " + doubt).Prepend(verdict.Headline))
            + (input.Table.Optimizers.Count > 1 ? "\n\n" + TextTable.Write(Overview.Table(input)) : "");
    }
}
