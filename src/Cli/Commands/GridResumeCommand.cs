using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Grids.Launching;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid resume</c>.</summary>
internal static class GridResumeCommand
{
    private static readonly Argument<string> Grid = GridArguments.FileOrFolder();
    private static readonly Argument<string[]> Overrides = GridArguments.Overrides();
    private static readonly Option<string?> Folder = GridArguments.Folder();
    private static readonly Option<int?> Workers = GridArguments.Workers();
    private static readonly Option<int?> Threads = GridArguments.Threads();
    private static readonly Option<bool> Force = GridArguments.Force();

    public static Command Create()
        => new Command("resume", "Go on with a planned grid as it was frozen, and try failed runs again")
        {
            Grid, Overrides, Folder, Workers, Threads, Force,
        }.WithExamples(
            "pretrainbench grid resume runs/quickstart",
            "pretrainbench grid resume runs/quickstart axes.seed=[0,1]   the frozen plan's grid with another seed")
        .RunsOnTorch(context =>
        {
            var folder = GridArguments.Planned(context, Grid, Folder);
            if (context.Get(Overrides) is { Length: > 0 } settings) folder.Use(folder.Grid(settings));
            var launch = GridArguments.Launch(
                context.Get(Workers), context.Get(Threads), DeviceList.Of([], folder.Grid()));
            folder.Forgive();
            return GridRun.Launch(context, folder, new LocalLauncher(launch), context.Get(Force));
        });
}
