using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids.Status;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid retry</c>.</summary>
internal static class GridRetryCommand
{
    private static readonly Argument<string> Grid = GridArguments.FileOrFolder();
    private static readonly Argument<string[]> Runs = GridArguments.Runs();
    private static readonly Option<string?> Folder = GridArguments.Folder();

    public static Command Create()
        => new Command("retry", "Give runs that failed a new budget, without starting workers") { Grid, Runs, Folder }
            .WithExamples(
                "pretrainbench grid retry runs/quickstart                     all that failed",
                "pretrainbench grid retry runs/quickstart \"muon 0.02M ×5\"   one")
            .Runs(context =>
            {
                var folder = GridArguments.Planned(context, Grid, Folder);
                var runs = GridRetry.Of(folder, context.Get(Runs));
                context.Print(
                    runs.Select(run => new GridRunJson(run.Run)
                    {
                        Status = GridText.Name(run.After.Kind),
                        Message = run.Before.Message,
                    }),
                    string.Join('\n', runs.Select(Line)) + "\n" + (runs.Count == 0 ? "no run has failed"
                        : $"workers that run take them up; else `pretrainbench grid resume {folder.Root}` does"));
                return runs.All(run => run.After.Kind != RunStateKind.Failed) ? ExitCodes.Done : ExitCodes.Failed;
            });

    private static string Line(RetriedRun run)
        => $"{run.Run.RunId}  {run.Run.Cell}: " + (run.Before.Kind, run.After.Kind) switch
        {
            (_, RunStateKind.Failed) => $"no further try mends it: {run.After.Message}",
            (RunStateKind.Failed, _) => $"forgiven: {run.Before.Reason}",
            (var kind, _) => $"had not failed ({GridText.Name(kind)}); its budget is whole again",
        };
}
