using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids.Status;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid status</c>.</summary>
internal static class GridStatusCommand
{
    private static readonly Argument<string> Grid = GridArguments.FileOrFolder();
    private static readonly Option<string?> Folder = GridArguments.Folder();
    private static readonly Option<bool> Watch = new("--watch")
    {
        Description = "Show it until nothing more happens or Ctrl-C: a table on a terminal, elsewhere what changes",
    };

    private static readonly Option<bool> Failed = new("--failed")
    {
        Description = "Only runs that failed or diverged, and why",
    };

    public static Command Create()
        => new Command("status", "Show where a grid stands, from its files alone") { Grid, Folder, Watch, Failed }
            .WithExamples(
                "pretrainbench grid status configs/quickstart.yaml",
                "pretrainbench grid status runs/quickstart --watch",
                "pretrainbench grid status runs/quickstart --failed --json")
            .Runs(context =>
            {
                var view = new GridView(GridArguments.Planned(context, Grid, Folder));
                var status = context.Get(Watch) ? GridWatch.Run(context, view, Shown) : view.Status();
                var now = DateTimeOffset.UtcNow;
                context.Print(GridText.ToJson(status, now, Shown(status)),
                    GridTable.Of(Shown(status), now) + "\n" + GridText.Summary(status));
                return context.Interruption.IsRequested ? ExitCodes.Preempted : ExitCodes.Done;

                IReadOnlyList<RunStatusLine> Shown(GridStatus seen) => !context.Get(Failed) ? seen.Lines
                    : [.. seen.Lines.Where(line => line.State.Kind is RunStateKind.Failed or RunStateKind.Diverged)];
            });
}
