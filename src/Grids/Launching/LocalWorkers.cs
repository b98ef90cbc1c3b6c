using System.Diagnostics;
using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Status;
using PretrainBench.Training;

namespace PretrainBench.Grids.Launching;

/// <summary>The workers of one launch on this machine: started, watched, replaced and ended; the work itself is
/// theirs.</summary>
internal sealed class LocalWorkers
{
    // Since the last run that came to its end.
    private const int RestartsPerWorker = 3;

    // How a process ends that a signal killed: 128 and the signal's number.
    private const int KilledBy = 128, Hangup = 1, Interrupt = 2, Kill = 9, Terminate = 15;
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan CheckpointTime = TimeSpan.FromMinutes(2);

    private readonly GridFolder _folder;
    private readonly LaunchConfig _config;
    private readonly Action<string> _onLine;

    /// <summary>Prepares a launch.</summary>
    /// <param name="config">How many workers.</param>
    /// <param name="onLine">Told each line that a worker writes: warnings and errors.</param>
    public LocalWorkers(GridFolder folder, LaunchConfig config, Action<string> onLine)
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
        var ended = false;
        try
        {
            ended = Watch(workers, view, onStatus, stop) || workers.Any(worker => worker.HasExited && WasEnded(worker));
        }
        finally
        {
            foreach (var worker in workers) worker.Stop();
            foreach (var worker in workers) worker.Wait(CheckpointTime);
            workers.ForEach(worker => worker.Dispose());
        }
        status = view.Status();
        onStatus(status);
        Sweep(status);
        return (stop.IsCancellationRequested || ended) && !status.IsComplete ? ExitCodes.Preempted : ExitCode(status);
    }

    private WorkerProcess Start(int number)
    {
        var device = _config.DeviceOf(number);
        List<string> command
            = [.. ThisProgram.Command, "grid", "work", _folder.Root, "--threads", $"{_config.Threads}"];
        // Of what it is shown, its device is the first.
        if (device is not null)
            command.AddRange(["--device", device.Split(':')[0], "--workers-on-device", $"{_config.WorkersPerDevice}"]);
        return WorkerProcess.Start(command, number, _config.Threads, device, _onLine);
    }

    // True where workers were ended from outside more often than they are replaced.
    private bool Watch(List<WorkerProcess> workers, GridView view, Action<GridStatus> onStatus, CancellationToken stop)
    {
        var (restarts, settled, pause) = (0, 0, LookAgain);
        while (workers.Any(worker => !worker.HasExited))
        {
            if (Wait(workers, pause, stop)) return false;
            var looked = Stopwatch.GetTimestamp();
            var seen = TryLook(view);
            pause = LookPause.After(looked, LookAgain);
            if (seen is not { } status) continue;
            onStatus(status);
            if (status.Settled > settled) (restarts, settled) = (0, status.Settled);
            for (var i = 0; i < workers.Count; i++)
            {
                var worker = workers[i];
                if (!worker.HasExited || !WasEnded(worker) || status.IsComplete) continue;
                var how = worker.ExitCode > KilledBy ? $"was killed (signal {worker.ExitCode - KilledBy})"
                    : "was asked to stop by someone else";
                if (worker.ExitCode > KilledBy) NoteKilled(worker, status, how);
                if (++restarts > RestartsPerWorker * _config.Workers)
                {
                    _onLine($"worker {worker.Number} {how}; it is not replaced after {restarts - 1} others "
                        + "without a run coming to its end; is there enough memory?");
                    return true;
                }
                _onLine($"worker {worker.Number} {how}; starting another");
                worker.Dispose();
                workers[i] = Start(worker.Number);
            }
        }
        return false;
    }

    // Until it is time to look again, or a worker has to be replaced; true when told to stop.
    private static bool Wait(List<WorkerProcess> workers, TimeSpan pause, CancellationToken stop)
    {
        for (var waited = TimeSpan.Zero; waited < pause; waited += LookAgain)
        {
            if (stop.WaitHandle.WaitOne(LookAgain)) return true;
            if (workers.Exists(worker => worker.HasExited && WasEnded(worker))) break;
        }
        return false;
    }

    // What workers that were killed left behind.
    private void Sweep(GridStatus status)
    {
        TemporaryName.Clear(_folder.Root, depth: 5);
        if (!status.IsComplete) return;
        foreach (var line in status.Lines.Where(line => line.State.Result is not null))
            RunSession.DropCheckpoints(_folder.RunFolder(line.Run.RunId));
    }

    // By a signal, or with a checkpoint after a notice that was not the launcher's.
    private static bool WasEnded(WorkerProcess worker) => worker.ExitCode is > KilledBy or ExitCodes.Preempted;

    // A file server that stalls must not end the launcher.
    private static GridStatus? TryLook(GridView view)
    {
        try
        {
            return view.Status();
        }
        catch (Exception e) when (Disturbance.Is(e))
        {
            return null;
        }
    }

    // Only the launcher knows the signal: what someone else did to a worker is no failure of its run.
    private void NoteKilled(WorkerProcess worker, GridStatus status, string how)
    {
        if (worker.ExitCode - KilledBy is not (Hangup or Interrupt or Kill or Terminate)) return;
        foreach (var line in status.Lines.Where(line => !line.State.IsSettled))
        {
            try
            {
                new ClaimFiles(_folder.RunFolder(line.Run.RunId)).EndKilled(worker.ProcessId,
                    $"its worker {how}; if nobody did that, there is too little memory");
            }
            catch (Exception e) when (Disturbance.Is(e))
            {
                // Then it counts as a death of unknown cause.
            }
        }
    }

    private static int ExitCode(GridStatus status)
        => status.IsComplete && status.Count(RunStateKind.Failed) == 0 ? ExitCodes.Done : ExitCodes.Failed;
}
