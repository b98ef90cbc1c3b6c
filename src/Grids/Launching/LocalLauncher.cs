using System.Reflection;
using PretrainBench.Core;
using PretrainBench.Grids.Status;

namespace PretrainBench.Grids.Launching;

/// <summary>Starts workers on this machine and watches them; the work itself is theirs.</summary>
public sealed class LocalLauncher
{
    /// <summary>Tells a worker that its standard input is the launcher's, and closes with it.</summary>
    public const string WatchVariable = "PRETRAINBENCH_LAUNCHED";

    private const int RestartsPerWorker = 3;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckpointTime = TimeSpan.FromMinutes(2);

    private readonly GridFolder _folder;
    private readonly LaunchConfig _config;
    private readonly Action<string> _onLine;

    /// <summary>Prepares a launch.</summary>
    /// <param name="config">How many workers.</param>
    /// <param name="onLine">Told each line that a worker writes: warnings and errors.</param>
    public LocalLauncher(GridFolder folder, LaunchConfig config, Action<string> onLine)
        => (_folder, _config, _onLine) = (folder, config, onLine);

    /// <summary>Runs the workers until every run has settled, or until told to stop.</summary>
    /// <param name="onStatus">Told now and then where the grid stands.</param>
    /// <param name="stop">Ends the workers after a checkpoint.</param>
    /// <returns>See <see cref="ExitCodes"/>.</returns>
    public int Run(Action<GridStatus> onStatus, CancellationToken stop)
    {
        var view = new GridView(_folder);
        view.Plan();
        var status = view.Status();
        onStatus(status);
        if (status.IsComplete) return ExitCode(status);
        var workers = Enumerable.Range(1, Math.Min(_config.Workers, status.Total)).Select(Start).ToList();
        try
        {
            Watch(workers, view, onStatus, stop);
        }
        finally
        {
            foreach (var worker in workers) worker.Stop();
            foreach (var worker in workers) worker.Wait(CheckpointTime);
            workers.ForEach(worker => worker.Dispose());
        }
        status = view.Status();
        onStatus(status);
        return stop.IsCancellationRequested && !status.IsComplete ? ExitCodes.Preempted : ExitCode(status);
    }

    /// <summary>This program as it was started, so that a worker can be started the same way.</summary>
    public static IReadOnlyList<string> ThisProgram()
    {
        var path = Environment.ProcessPath ?? throw new InvalidOperationException("the program's path is unknown");
        // `dotnet program.dll` rather than its own executable.
        return Path.GetFileNameWithoutExtension(path) == "dotnet"
            ? [path, Assembly.GetEntryAssembly()!.Location]
            : [path];
    }

    private WorkerProcess Start(int number)
        => WorkerProcess.Start(
            [.. ThisProgram(), "grid", "work", _folder.Root, "--threads", $"{_config.Threads}"],
            number, _config.Threads, _onLine);

    private void Watch(List<WorkerProcess> workers, GridView view, Action<GridStatus> onStatus, CancellationToken stop)
    {
        var restarts = 0;
        while (workers.Any(worker => !worker.HasExited))
        {
            if (stop.WaitHandle.WaitOne(LookAgain)) return;
            var status = view.Status();
            onStatus(status);
            for (var i = 0; i < workers.Count; i++)
            {
                // Killed from outside (128 + signal), such as for memory: a new one takes over what it left.
                var worker = workers[i];
                if (!worker.HasExited || worker.ExitCode <= 128 || status.IsComplete) continue;
                if (++restarts > RestartsPerWorker * _config.Workers) return;
                _onLine($"worker {worker.Number} was killed (signal {worker.ExitCode - 128}); starting another");
                worker.Dispose();
                workers[i] = Start(worker.Number);
            }
        }
    }

    private static int ExitCode(GridStatus status)
        => status.IsComplete && status.Count(RunStateKind.Failed) == 0 ? ExitCodes.Done : ExitCodes.Failed;
}
