using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids;
using PretrainBench.Grids.Status;
using PretrainBench.Training.Results;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid logs</c>.</summary>
internal static class GridLogsCommand
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private static readonly Argument<string> Grid = GridArguments.FileOrFolder();
    private static readonly Argument<string> Run = GridArguments.Run();
    private static readonly Option<string?> Folder = GridArguments.Folder();
    private static readonly Option<bool> Follow = new("--follow")
    {
        Description = "Go on with what is written, until the run has a result or failed, or Ctrl-C",
    };

    public static Command Create()
        => new Command("logs", "Show the log of a run's newest attempt") { Grid, Run, Folder, Follow }
            .WithExamples(
                "pretrainbench grid logs runs/quickstart \"muon 0.02M ×5\"",
                "pretrainbench grid logs runs/quickstart 3fa9 --follow")
            .Runs(Execute);

    private static int Execute(CommandContext context)
    {
        if (context.Get(Follow) && context.Json)
            throw new UserException("`--follow` shows lines as they come, and `--json` a whole: leave one out");
        var folder = GridArguments.Planned(context, Grid, Folder);
        var (view, run) = (new GridView(folder), RunName.Find(folder.Plan(), context.Get(Run)));
        using var log = new RunLog(folder.RunFolder(run.RunId));
        for (var attempt = 0; ;)
        {
            // In this order: what was written before a run settled is read after it was seen to have.
            var state = view.StateOf(run);
            var text = log.ReadOn();
            if (text is null && !context.Get(Follow) && attempt == 0)
                throw new UserException($"{run.Cell} (run {run.RunId}): {GridText.Name(state.Kind)}, and no attempt "
                    + "has left a log yet; `--follow` waits for one", ExitCodes.Failed);
            if (attempt != log.Attempt)
                context.Error.WriteLine($"{run.Cell} (run {run.RunId}): attempt {attempt = log.Attempt}, {log.File}");
            if (context.Json)
                context.Print(new { run = run.RunId, attempt, file = log.File, text }, "");
            else
                context.Out.Write(text);
            if (!context.Get(Follow) || (text is null && state.IsSettled)) return ExitCodes.Done;
            if (text is null && context.Interruption.Token.WaitHandle.WaitOne(LookAgain)) return ExitCodes.Preempted;
        }
    }
}
