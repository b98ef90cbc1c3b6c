using System.CommandLine;
using System.CommandLine.Parsing;
using PretrainBench.Core;
using PretrainBench.Grids;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Launching;

namespace PretrainBench.Cli.Shell;

/// <summary>The arguments that the grid commands share.</summary>
internal static class GridArguments
{
    private const string NameOfRun = "Any part of a run's id or of its cell's name that no other run has";

    public static Argument<string> File() => new("GRID.yaml") { Description = "The grid file" };

    /// <summary>A grid file, or the folder of a grid that has been planned.</summary>
    public static Argument<string> FileOrFolder() => new("GRID")
    {
        Description = "The grid file, or the grid's folder",
    };

    public static Argument<string> Run() => new("RUN") { Description = NameOfRun };

    public static Argument<string[]> Runs() => new("RUN")
    {
        Description = NameOfRun + "; default all that failed",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>Settings that win over the grid file.</summary>
    public static Argument<string[]> Overrides() => new("key=value")
    {
        Description = "Settings that win over the grid file, such as axes.seed=[0,1,2]",
        Arity = ArgumentArity.ZeroOrMore,
    };

    /// <summary>The planned grid that is meant; says so where its file has been edited since.</summary>
    public static GridFolder Planned(CommandContext context, Argument<string> grid, Option<string?> place)
    {
        var name = context.Get(grid);
        var folder = GridFolder.Planned(name, context.Get(place));
        if (!Directory.Exists(name) && folder.Grid().DifferencesFrom(GridFile.Read(name)) is { Count: > 0 } keys)
            context.Error.WriteLine($"pretrainbench: {name} is not the plan in use, which has other values of "
                + $"{string.Join(", ", keys)}: what follows is about the plan. `pretrainbench grid launch {name}` "
                + "makes another plan of the file; results of runs that both have are kept");
        return folder;
    }

    public static Option<string?> Folder() => new("--folder")
    {
        Description = "The grid's folder; default runs/<name>",
        HelpName = "FOLDER",
    };

    public static Option<int?> Workers() => new("--workers")
    {
        Description = "Worker processes; default one for each core",
        HelpName = "N",
    };

    public static Option<int?> Threads() => new("--threads")
    {
        Description = "Threads of each worker; workers × threads must not exceed the cores",
        HelpName = "N",
    };

    public static Option<bool> Force() => new("--force")
    {
        Description = "Start although memory or disk will probably not do",
    };

    public static Option<string> On() => new("--on")
    {
        Description = $"Where the workers run: {string.Join(", ", GridLaunchers.Names)}",
        HelpName = "NAME",
        DefaultValueFactory = _ => GridLaunchers.Default,
    };

    public static Option<bool> DryRun() => new("--dry-run")
    {
        Description = "Write what a scheduler would be given, and submit nothing",
    };

    /// <summary>The settings of a command, and what stands behind <c>--</c> for a scheduler.</summary>
    public static (string[] Settings, string[] Passed) Split(CommandContext context, Argument<string[]> overrides)
    {
        var passed = context.Arguments.Tokens.SkipWhile(token => token.Type != TokenType.DoubleDash).Skip(1)
            .Select(token => token.Value).ToArray();
        var all = context.Get(overrides);
        return passed.Length <= all.Length ? (all[..^passed.Length], passed)
            : throw new UserException("`--`: the grid file stands in front of what is passed to a scheduler");
    }

    public static Option<string[]> Devices() => new("--devices")
    {
        Description = "Devices of this machine, such as cuda:0,cuda:1; default the base's, else all that CUDA shows",
        HelpName = "NAMES",
    };

    public static Option<int?> WorkersPerDevice() => new("--workers-per-device")
    {
        Description = "Workers that share each CUDA device; their rates are marked as shared",
        HelpName = "N",
    };

    /// <summary>How many workers, as asked for and as this machine allows.</summary>
    /// <param name="devices">What they train on; null: what the runs say.</param>
    public static LaunchConfig Launch(
        int? workers, int? threads, IReadOnlyList<string>? devices = null, int? perDevice = null)
        => LaunchConfig.From(workers, threads, Environment.ProcessorCount, devices, perDevice);
}
