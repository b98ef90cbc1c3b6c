using System.CommandLine;
using System.CommandLine.Help;
using System.Runtime.InteropServices;
using PretrainBench.Cli.Commands;
using PretrainBench.Core;

namespace PretrainBench.Cli.Shell;

/// <summary>The program: parses the arguments, runs the command, and turns every error into a message and an exit
/// code.</summary>
public static class CommandLineProgram
{
    /// <summary>Runs the program.</summary>
    /// <param name="args">The command line without the program's name.</param>
    /// <returns>See <see cref="ExitCodes"/>.</returns>
    public static int Run(string[] args)
    {
        // Beyond a limit on the size of files (`ulimit -f`) writing is an error, not the end of the process.
        using var limit = PosixSignalRegistration.Create(FileTooLarge, signal => signal.Cancel = true);
        // A reader that goes away (`pretrainbench … | head`) ends the program quietly, like every other filter.
        try
        {
            return Run(args, Console.Out, Console.Error);
        }
        catch (IOException e) when (e.HResult == BrokenPipe)
        {
            return ExitCodes.Failed;
        }
    }

    private const int BrokenPipe = 32; // EPIPE

    private const PosixSignal FileTooLarge = (PosixSignal)25; // SIGXFSZ

    /// <summary>Runs the program with results and messages written where a caller wants them.</summary>
    internal static int Run(string[] args, TextWriter output, TextWriter error)
    {
        var root = CreateRoot();
        var result = root.Parse(args.Length == 0 ? ["--help"] : args);
        if (OptionErrors.Of(result) is { } message) return Complain(result, message, error);
        return result.Invoke(
            new InvocationConfiguration { EnableDefaultExceptionHandler = false, Output = output, Error = error });
    }

    private static int Complain(ParseResult result, string message, TextWriter output)
    {
        var command = PathOf(result.CommandResult);
        output.WriteLine($"pretrainbench: {message}\nRun `{command} --help` to see what it takes.");
        return ExitCodes.Usage;
    }

    private static string PathOf(System.CommandLine.Parsing.CommandResult? result)
    {
        var names = new List<string>();
        for (System.CommandLine.Parsing.SymbolResult? at = result; at is not null; at = at.Parent)
            if (at is System.CommandLine.Parsing.CommandResult command)
                names.Insert(0, command.Command is RootCommand ? "pretrainbench" : command.Command.Name);
        return string.Join(' ', names);
    }

    /// <summary>The tree of commands; a command appears here when the library behind it does.</summary>
    internal static RootCommand CreateRoot()
    {
        var root = new RootCommand(
            "Which optimizer should I pretrain with, does its advantage survive at my "
            + "scale, and what will it save me?\nTrains small language models over grids, fits scaling laws, tests "
            + "them on held-out runs, and reports.");
        foreach (var command in CommandList.All()) root.Add(command);
        root.Add(CommonOptions.Json);
        root.Add(CommonOptions.Verbose);
        OptionValues.SetReaders(root);
        foreach (var option in root.Options.OfType<HelpOption>())
            option.Action = new HelpWithExamples((HelpAction)option.Action!);
        root.WithExamples(
            "pretrainbench doctor                            what this machine offers",
            "pretrainbench quickstart                        text to report in ten minutes",
            "pretrainbench grid plan configs/novels.yaml    what a grid would cost, before anything starts");
        return root;
    }
}
