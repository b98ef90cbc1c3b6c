using System.CommandLine;

namespace PretrainBench.Cli.Shell;

/// <summary>Options that every command takes.</summary>
internal static class CommonOptions
{
    /// <summary>Machine-readable output on standard output.</summary>
    public static readonly Option<bool> Json = new("--json")
    {
        Description = "Print the result as JSON on standard output",
        Recursive = true,
    };

    /// <summary>More log lines, and stack traces with errors.</summary>
    public static readonly Option<bool> Verbose = new("--verbose")
    {
        Description = "Show more of what happens, and the stack trace when something fails",
        Recursive = true,
    };
}
