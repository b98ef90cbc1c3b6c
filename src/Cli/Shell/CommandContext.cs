using System.CommandLine;
using System.Text.Json;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Cli.Shell;

/// <summary>What a command's body needs: its arguments, where to print, and when to stop.</summary>
/// <param name="Interruption">Ctrl-C, SIGTERM and the pre-emption notice.</param>
internal sealed record CommandContext(ParseResult Arguments, Interruption Interruption)
{
    /// <summary>Standard output: results only.</summary>
    public TextWriter Out { get; } = new PlainWriter(Arguments.InvocationConfiguration.Output);

    /// <summary>Standard error: progress and messages.</summary>
    public TextWriter Error { get; } = new PlainWriter(Arguments.InvocationConfiguration.Error);

    /// <summary>Whether <c>--json</c> was given.</summary>
    public bool Json => Arguments.GetValue(CommonOptions.Json);

    /// <summary>Whether <c>--verbose</c> was given.</summary>
    public bool Verbose => Arguments.GetValue(CommonOptions.Verbose);

    /// <summary>Prints an object as JSON when asked for, else the text.</summary>
    /// <param name="value">What a script reads.</param>
    /// <param name="text">What a person reads.</param>
    public void Print(object value, string text)
        => Out.WriteLine(Json ? JsonSerializer.Serialize(value, JsonFormat.Indented) : text.TrimEnd('\n'));

    /// <summary>Prints text that is JSON already when asked for, else the text for people.</summary>
    /// <param name="json">What a script reads; made only when needed.</param>
    /// <param name="text">What a person reads.</param>
    public void Print(Func<string> json, string text) => Out.WriteLine(Json ? json() : text.TrimEnd('\n'));

    /// <summary>The value of an option; null or default when absent.</summary>
    public T? Get<T>(Option<T> option) => Arguments.GetValue(option);

    /// <summary>Whether an option was given, and not left at its default.</summary>
    public bool IsGiven(Option option) => Arguments.GetResult(option) is { Implicit: false };

    public T Get<T>(Argument<T> argument) => Arguments.GetRequiredValue(argument);

    /// <summary>The configuration that settings of the form <c>key.path=value</c> make, on their own or over a
    /// file.</summary>
    /// <param name="settings">The argument that holds them.</param>
    /// <param name="name">What is configured, for messages.</param>
    /// <param name="file">What they win over; changed in place.</param>
    /// <exception cref="Core.UserException">A setting cannot be used.</exception>
    public T Bind<T>(Argument<string[]> settings, string name, ConfigMapping? file = null)
        where T : class
    {
        var root = file ?? new ConfigMapping("the command line");
        foreach (var assignment in Get(settings)) ConfigFile.Override(root, assignment);
        return ConfigBinder.Bind<T>(root, name);
    }
}
