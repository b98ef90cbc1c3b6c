using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Grids;
using PretrainBench.Grids.Configuration;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid launch</c>.</summary>
internal static class GridLaunchCommand
{
    private static readonly Argument<string> File = GridArguments.File();
    private static readonly Argument<string[]> Overrides = GridArguments.Overrides();
    private static readonly Option<string?> Folder = GridArguments.Folder();
    private static readonly Option<int?> Workers = GridArguments.Workers();
    private static readonly Option<int?> Threads = GridArguments.Threads();
    private static readonly Option<bool> Force = GridArguments.Force();

    public static Command Create()
        => new Command("launch", "Train a grid on this machine; does only what has no result yet")
        {
            File, Overrides, Folder, Workers, Threads, Force,
        }.WithExamples(
            "pretrainbench grid launch configs/quickstart.yaml",
            "pretrainbench grid launch configs/quickstart.yaml axes.seed=[0,1,2] --workers 4 --threads 2")
        .RunsOnTorch(context =>
        {
            var launch = GridArguments.Launch(context.Get(Workers), context.Get(Threads));
            var grid = GridFile.Read(context.Get(File), context.Get(Overrides));
            var folder = GridFolder.Of(grid, context.Get(Folder));
            folder.Use(grid);
            return GridRun.Launch(context, folder, launch, context.Get(Force));
        });
}
