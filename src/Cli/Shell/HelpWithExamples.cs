using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using System.Runtime.CompilerServices;

namespace PretrainBench.Cli.Shell;

/// <summary>The library's help, followed by the command's examples.</summary>
internal sealed class HelpWithExamples(HelpAction inner) : SynchronousCommandLineAction
{
    private const int Width = 110;

    public override bool ClearsParseErrors => true;

    public override int Invoke(ParseResult parseResult)
    {
        inner.MaxWidth = Width;
        var code = inner.Invoke(parseResult);
        var output = parseResult.InvocationConfiguration.Output;
        var examples = ExampleTexts.Of(parseResult.CommandResult.Command);
        if (examples.Count == 0) return code;
        output.WriteLine("Examples:");
        foreach (var example in examples) output.WriteLine("  " + example);
        output.WriteLine();
        return code;
    }
}

/// <summary>Examples attached to commands.</summary>
internal static class ExampleTexts
{
    private static readonly ConditionalWeakTable<Command, string[]> Examples = [];

    /// <summary>Attaches examples, shown at the end of the command's help.</summary>
    /// <param name="examples">One line each: the command line, and what it does.</param>
    public static TCommand WithExamples<TCommand>(this TCommand command, params string[] examples)
        where TCommand : Command
    {
        Examples.AddOrUpdate(command, examples);
        return command;
    }

    /// <summary>The examples of a command; empty when it has none.</summary>
    public static IReadOnlyList<string> Of(Command command)
        => Examples.TryGetValue(command, out var texts) ? texts : [];
}
