using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Grids;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Launching;

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

    private static readonly Option<string> On = GridArguments.On();
    private static readonly Option<bool> DryRun = GridArguments.DryRun();

    private static readonly Option<string?> Image = new("--image")
    {
        Description = "Kubernetes: the image, which has .NET; default mcr.microsoft.com/dotnet/runtime:10.0",
        HelpName = "IMAGE",
    };

    private static readonly Option<string?> Claim = new("--claim")
    {
        Description = "Kubernetes: the persistent volume claim that holds this working directory",
        HelpName = "PVC",
    };

    private static readonly Option<string?> Queue = new("--queue")
    {
        Description = "Kubernetes: the queue of Kueue",
        HelpName = "NAME",
    };

    private static readonly Option<string[]> Devices = GridArguments.Devices();
    private static readonly Option<int?> PerDevice = GridArguments.WorkersPerDevice();

    public static Command Create()
        => new Command("launch", "Train a grid here or on a cluster; does only what has no result yet")
        {
            File, Overrides, Folder, Workers, Threads, Force, On, DryRun, Image, Claim, Queue,
            Devices, PerDevice,
        }.WithExamples(
            "pretrainbench grid launch configs/quickstart.yaml",
            "pretrainbench grid launch configs/quickstart.yaml axes.seed=[0,1,2] --workers 4 --threads 2",
            "pretrainbench grid launch mine.yaml --on slurm -- --partition=gpu --gres=gpu:1 --time=4:00:00",
            "pretrainbench grid launch mine.yaml --on kubernetes --claim home --queue research --workers 16")
        .RunsOnTorch(context =>
        {
            var (settings, passed) = GridArguments.Split(context, Overrides);
            var grid = GridFile.Read(context.Get(File), settings);
            var launcher = GridLaunchers.Of(context.Get(On)!,
                new(context.Get(Workers), context.Get(Threads), context.Get(DryRun), passed, context.Get(Image),
                    context.Get(Claim), context.Get(Queue))
                {
                    Grid = grid,
                    Devices = context.Get(Devices) ?? [],
                    WorkersPerDevice = context.Get(PerDevice),
                });
            var folder = GridFolder.Of(grid, context.Get(Folder));
            folder.Use(grid);
            return GridRun.Launch(context, folder, launcher, context.Get(Force));
        });
}
