using System.CommandLine;
using System.Diagnostics;
using PretrainBench.Analysis;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids.Launching;
using PretrainBench.Studies;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench quickstart</c>: text to report.</summary>
internal static class QuickstartCommand
{
    private static readonly Option<string> Data = new("--data")
    {
        Description = "Where the dataset goes",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => "data/quickstart",
    };

    private static readonly Option<string> Folder = new("--folder")
    {
        Description = "The grid's folder",
        HelpName = "FOLDER",
        DefaultValueFactory = _ => "runs/quickstart",
    };

    private static readonly Argument<string[]> Overrides = GridArguments.Overrides();
    private static readonly Option<int?> Workers = GridArguments.Workers();
    private static readonly Option<int?> Threads = GridArguments.Threads();

    public static Command Create()
        => new Command("quickstart",
            "Prepare the default corpus, train a small grid, fit both laws, report; goes on where it stopped")
        {
            Overrides, Data, Folder, Workers, Threads,
        }.WithExamples(
            "pretrainbench quickstart",
            "pretrainbench quickstart axes.optimizer=[adamw,muon] --workers 4")
        .RunsOnTorch(Execute);

    private static int Execute(CommandContext context)
    {
        var watch = Stopwatch.StartNew();
        var (data, grids) = (context.Get(Data)!, context.Get(Folder)!);
        var launch = GridArguments.Launch(context.Get(Workers), context.Get(Threads));
        var quickstart = new Quickstart(data, grids);
        var manifest = PrepareDisplay.Run(progress => quickstart.PrepareData(progress, context.Interruption.Token));
        context.Error.WriteLine(
            $"data: {Quantity.Count(manifest.Train.Tokens)} training tokens of {manifest.SourceName} in {data}");

        var (grid, folder) = quickstart.Plan(context.Get(Overrides));
        context.Error.WriteLine(
            $"grid: {string.Join(", ", grid.Config.Axes.Optimizer)} × {string.Join(", ", grid.Config.Axes.Size)} × "
            + $"{string.Join(", ", grid.Config.Axes.TokensPerParameter)} tokens per parameter, in {grids}, "
            + $"{launch.Workers} workers × {launch.Threads} threads");
        var code = GridRun.Train(context, folder, new LocalLauncher(launch)).Report.ExitCode;
        if (code != ExitCodes.Done) return code;

        var result = quickstart.Conclude();
        var (collected, _, fits, report, verdict) = result;
        context.Print(
            () => AnalysisJson.Write(new { table = collected.Table, files = collected.Files, report, verdict, fits }),
            $"{QuickstartText.Of(result)}\nreport   {report}\ntable    {collected.Table}\n"
            + $"that took {Quantity.Time(watch.Elapsed)} this time; `pretrainbench "
            + $"grid status {grids}` shows the runs");
        return ExitCodes.Done;
    }
}
