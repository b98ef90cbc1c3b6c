using System.CommandLine;
using PretrainBench.Core;
using PretrainBench.Torch;

namespace PretrainBench.Cli.Shell;

/// <summary>Runs command bodies: logging set up, signals caught, errors as messages.</summary>
internal static class CommandBody
{
    /// <summary>Sets what a command does.</summary>
    /// <param name="body">Returns the exit code; throws <see cref="UserException"/> for what the user can mend.</param>
    public static TCommand Runs<TCommand>(this TCommand command, Func<CommandContext, int> body)
        where TCommand : Command
    {
        command.SetAction(result =>
        {
            using var interruption = new Interruption();
            var context = new CommandContext(result, interruption);
            using var log = LogSetup.Start(context.Verbose);
            return Guard(context, body);
        });
        return command;
    }

    /// <summary>Sets what a command does that trains or measures with libtorch, which is loaded first.</summary>
    /// <param name="body">Returns the exit code.</param>
    public static TCommand RunsOnTorch<TCommand>(this TCommand command, Func<CommandContext, int> body)
        where TCommand : Command
        => command.Runs(context =>
        {
            TorchLibrary.Load();
            return body(context);
        });

    private static int Guard(CommandContext context, Func<CommandContext, int> body)
    {
        try
        {
            return body(context);
        }
        catch (UserException e)
        {
            Report(context, e.Message, e);
            return e.ExitCode;
        }
        catch (OperationCanceledException) when (context.Interruption.IsRequested)
        {
            Report(context, "interrupted; run the same command again to go on", null);
            return ExitCodes.Preempted;
        }
        catch (Exception e) when (IsEnvironment(e) && !IsBrokenPipe(e))
        {
            Report(context, $"{e.Message} Free some space or choose a place that can be written; the same command goes "
                + "on from what was finished.", e);
            return ExitCodes.Failed;
        }
        catch (Exception e) when (ProcessMemory.IsUsedUp(e))
        {
            Report(context, "there is not enough memory: take a smaller model, vocabulary, sequence_length or "
                + $"execution.micro_batch_sequences, or fewer workers ({Describe(e)})", e);
            return ExitCodes.Failed;
        }
        catch (Exception e) when (!IsBrokenPipe(e))
        {
            Report(context, Describe(e), e);
            if (!context.Verbose)
                context.Error.WriteLine(
                    "This looks like a defect of pretrainbench; --verbose shows where it happened.");
            return ExitCodes.Failed;
        }
    }

    // .NET reports a file beyond the limit of `ulimit -f` or of the file system (EFBIG) as an argument out of range.
    private static bool IsEnvironment(Exception e)
        => e is IOException or UnauthorizedAccessException
            || e is ArgumentOutOfRangeException && e.StackTrace?.TrimStart()
                .StartsWith("at System.IO.RandomAccess.", StringComparison.Ordinal) == true;

    private static bool IsBrokenPipe(Exception e) => e is IOException { HResult: 32 };

    private static string Describe(Exception e)
        => e is TypeInitializationException or System.Reflection.TargetInvocationException
            && e.InnerException is { } inner
            ? Describe(inner) : $"{e.Message} ({e.GetType().Name})";

    // A value of a megabyte in a message says no more than its beginning; control characters could steer the terminal.
    private static string Cut(string message)
    {
        var lines = message.Split('\n').Select(line => string.Concat(line.Select(c => char.IsControl(c) ? '?' : c)))
            .Select(line => line.Length <= MostLine ? line
                : $"{line[..(MostLine / 2)]} … {line[^(MostLine / 2)..]}").ToList();
        return string.Join('\n', lines.Count <= MostLines ? lines
            : [.. lines.Take(MostLines), $"… and {lines.Count - MostLines} lines more; --verbose shows them"]);
    }

    private const int MostLine = 2000, MostLines = 40;

    private static void Report(CommandContext context, string message, Exception? e)
    {
        context.Error.WriteLine($"pretrainbench: {(context.Verbose ? message : Cut(message))}");
        if (context.Verbose && e is not null) context.Error.WriteLine(e.ToString());
    }
}
