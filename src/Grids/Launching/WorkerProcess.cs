using System.Diagnostics;

namespace PretrainBench.Grids.Launching;

/// <summary>A worker as a process of its own. Its standard input is a pipe that the launcher holds: when the launcher
/// dies, however it dies, the pipe closes and the worker saves a checkpoint and ends.</summary>
internal sealed class WorkerProcess : IDisposable
{
    private readonly Process _process;
    private readonly Action<string> _onLine;

    private WorkerProcess(Process process, int number, Action<string> onLine)
        => (_process, Number, _onLine) = (process, number, onLine);

    /// <summary>The worker's number, from 1.</summary>
    public int Number { get; }

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>How it ended; 128 + signal when it was killed.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>Starts a worker; <paramref name="onLine"/> is told each line that it writes.</summary>
    /// <param name="device">The one device that it is shown; null: what its launcher is shown.</param>
    public static WorkerProcess Start(
        IReadOnlyList<string> command, int number, int threads, string? device, Action<string> onLine)
    {
        var info = new ProcessStartInfo(command[0], command.Skip(1))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // OpenMP reads it once, when libtorch is loaded; setting the number later leaves idle threads behind.
        info.Environment["OMP_NUM_THREADS"] = threads.ToString();
        info.Environment[LocalLauncher.WatchVariable] = "1";
        if (device is not null)
            info.Environment[DeviceList.VisibleVariable] = DeviceList.Visible(
                device, Environment.GetEnvironmentVariable(DeviceList.VisibleVariable));
        var process = Process.Start(info) ?? throw new InvalidOperationException($"{command[0]} did not start");
        var worker = new WorkerProcess(process, number, onLine);
        process.OutputDataReceived += worker.OnLine;
        process.ErrorDataReceived += worker.OnLine;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return worker;
    }

    /// <summary>Asks the worker to save a checkpoint and end.</summary>
    public void Stop()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended already, and the pipe with it.
        }
    }

    public bool Wait(TimeSpan limit) => _process.WaitForExit(limit);

    public void Dispose() => _process.Dispose();

    private void OnLine(object sender, DataReceivedEventArgs line)
    {
        if (!string.IsNullOrWhiteSpace(line.Data)) _onLine($"worker {Number}: {line.Data}");
    }
}
