using System.ComponentModel;
using System.Diagnostics;
using PretrainBench.Core;

namespace PretrainBench.Grids.Launching;

/// <summary>What a scheduler's command said.</summary>
internal sealed record ToolAnswer(int ExitCode, string Output, string Error);

/// <summary>Runs the commands by which schedulers are spoken to.</summary>
internal static class ExternalTool
{
    /// <summary>Runs a command to its end; null where it is not on the path.</summary>
    public static ToolAnswer? Run(string name, params IReadOnlyList<string> arguments)
    {
        var info = new ProcessStartInfo(name, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using var process = Process.Start(info)!;
            process.StandardInput.Close();
            var error = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return new(process.ExitCode, output, error.Result);
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    /// <summary>What a command says that must work.</summary>
    /// <exception cref="UserException">It is not there, or it ended with an error.</exception>
    public static string MustRun(string name, params IReadOnlyList<string> arguments)
        => Run(name, arguments) switch
        {
            null => throw new UserException(
                $"`{name}` is not on the path; `--dry-run` writes what to give it on a machine that has it"),
            { ExitCode: 0 } answer => answer.Output,
            var answer => throw new UserException($"`{name} {string.Join(' ', arguments)}` ended with "
                + $"{answer.ExitCode}: {answer.Error.Trim()}", ExitCodes.Failed),
        };
}
