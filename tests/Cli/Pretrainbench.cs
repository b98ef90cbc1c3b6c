using System.Diagnostics;

namespace PretrainBench.Cli.Tests;

/// <summary>Runs the built executable as a user does.</summary>
internal static class Pretrainbench
{
    public static string Path { get; } = System.IO.Path.Combine(AppContext.BaseDirectory, "pretrainbench");

    public sealed record Outcome(int ExitCode, string Output, string Error);

    public static Outcome Run(string folder, params string[] args)
    {
        using var process = Start(folder, args);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, error.Result);
    }

    /// <summary>The program within this process: much cheaper; for commands that read and write only what they are
    /// told.</summary>
    public static Outcome RunHere(params string[] args)
    {
        var (output, error) = (new StringWriter(), new StringWriter());
        var code = PretrainBench.Cli.Shell.CommandLineProgram.Run(args, output, error);
        return new Outcome(code, output.ToString(), error.ToString());
    }

    public static Outcome MustSucceed(string folder, params string[] args)
    {
        var outcome = Run(folder, args);
        Assert.True(outcome.ExitCode == 0,
            $"{string.Join(' ', args)} ended with {outcome.ExitCode}: {outcome.Error}{outcome.Output}");
        return outcome;
    }

    /// <summary>A shell command in which <c>$PRETRAINBENCH</c> is the program.</summary>
    public static Outcome RunScript(string folder, string script)
    {
        using var process = StartProcess(folder, "/bin/bash", "-c", script);
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, output, error.Result);
    }

    public static Process Start(string folder, params string[] args) => StartProcess(folder, Path, args);

    private static Process StartProcess(string folder, string program, params string[] args)
    {
        var info = new ProcessStartInfo(program, args)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
        };
        info.Environment["OMP_NUM_THREADS"] = "1";
        info.Environment["PRETRAINBENCH"] = Path;
        return Process.Start(info)!;
    }
}
