using System.Diagnostics;

namespace PretrainBench.Training.Tests;

/// <summary>A run in a process of its own, which the test may stop; never touches any other process.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;

    public ChildProcess(string configPath, string runFolder, string mode = "train", params string[] more)
    {
        var host = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start =
            new ProcessStartInfo(host,
                ["exec", typeof(ChildProcess).Assembly.Location, mode, configPath, runFolder, .. more])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
        _process = Process.Start(start)!;
        _errors = _process.StandardError.ReadToEndAsync();
    }

    /// <summary>Waits until a step is done; fails when the process ends before.</summary>
    public void WaitForStep(int step)
    {
        while (_process.StandardOutput.ReadLine() is { } line)
            if (int.Parse(line) >= step) return;
        _process.WaitForExit();
        Assert.Fail($"ended with {_process.ExitCode} before step {step}: {_errors.Result}");
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Signal(string name)
    {
        using var kill = Process.Start("kill", [$"-{name}", $"{_process.Id}"]);
        kill.WaitForExit();
    }

    /// <summary>All that it prints, line by line, until it ends.</summary>
    public IEnumerable<string> Lines()
    {
        while (_process.StandardOutput.ReadLine() is { } line) yield return line;
    }

    /// <summary>Waits for the end.</summary>
    public (int ExitCode, string Errors) Wait()
    {
        _process.StandardOutput.ReadToEnd();
        _process.WaitForExit();
        return (_process.ExitCode, _errors.Result);
    }

    public void Dispose()
    {
        if (!_process.HasExited) Kill();
        _process.Dispose();
    }
}
