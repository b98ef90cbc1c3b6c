using System.CommandLine;
using PretrainBench.Cli.Quickstart;
using PretrainBench.Cli.Shell;

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
        => new Command("quickstart", "Prepare the default corpus, train a small grid, fit both laws, report; goes on where it stopped")
        {
            Overrides, Data, Folder, Workers, Threads,
        }.WithExamples(
            "pretrainbench quickstart",
            "pretrainbench quickstart axes.optimizer=[adamw,muon] --workers 4")
        .RunsOnTorch(context => new QuickstartRun(context, context.Get(Data)!, context.Get(Folder)!)
            .Execute(GridArguments.Launch(context.Get(Workers), context.Get(Threads)), context.Get(Overrides)));
}
