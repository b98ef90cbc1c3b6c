using System.Diagnostics;
using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Training;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Loop;
using Serilog;

namespace PretrainBench.Grids.Working;

/// <summary>One worker: claims the next open run, trains it, and goes on until none is left. Any number of workers
/// share a grid's folder; launchers only start them.</summary>
/// <param name="folder">The grid's folder.</param>
/// <param name="threads">Threads within operators.</param>
/// <param name="watch">Judges whether owners live; the default when null.</param>
/// <param name="time">How long it may work; without an end when null.</param>
/// <param name="device">Where it trains, with how many others; null: what the runs say.</param>
public sealed class GridWorker(
    GridFolder folder, int threads, OwnerWatch? watch = null, WorkerTime? time = null, WorkerDevice? device = null)
{
    /// <summary>A worker stops after as many failed runs in a row: the reason is hardly the runs.</summary>
    public const int FailuresInARow = 3;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan MostDisturbed = TimeSpan.FromMinutes(10);

    // The slowest machine that anyone would train on, in FLOPs per second.
    private const double SlowestMachine = 1e9;

    private readonly GridView _view = new(folder, watch);
    private readonly SetBackRuns _setBack = new();
    private readonly List<(HeldRun Claim, ClaimEnd End)> _unwritten = [];
    private IReadOnlyList<PlannedRun>? _plan;
    private IReadOnlyList<PlannedRun> _queue = [];
    private ILookup<string, PlannedRun> _trunks = Array.Empty<PlannedRun>().ToLookup(run => run.RunId);
    private int _failures;
    private int _disturbances;
    private long _lastGood = Stopwatch.GetTimestamp();

    /// <summary>Whether it ended since too little time was left for another run.</summary>
    public bool IsOutOfTime { get; private set; }

    /// <summary>Works until every run has settled, or until told to stop.</summary>
    /// <param name="stop">Asks the run at hand to save a checkpoint, and the worker to end.</param>
    /// <returns>See <see cref="ExitCodes"/>.</returns>
    /// <exception cref="UserException">Several runs in a row failed, or nothing could be read or written for
    /// long.</exception>
    public int Work(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            // Others may hold what is left: they may die, or their results may determine further runs.
            var pause = LookAgain;
            try
            {
                foreach (var (claim, end) in _unwritten) claim.End(end);
                _unwritten.Clear();
                var looked = Stopwatch.GetTimestamp();
                Queue(_view.Plan());
                if (TryClaimOne(out var anyOpen) is ({ } run, { } held))
                {
                    Train(run, held, stop);
                    DropUsedCheckpoints(run.Trunk?.RunId);
                    continue;
                }
                if (!anyOpen || IsOutOfTime) return ExitCodes.Done;
                pause = LookPause.After(looked, LookAgain);
            }
            catch (Exception e) when (Disturbance.Is(e))
            {
                pause = Disturbance.Pause(++_disturbances);
                Complain(e, $"{folder.Root}: {e.Message}");
            }
            stop.WaitHandle.WaitOne(pause);
        }
        return ExitCodes.Preempted;
    }

    // Trials first, since other runs wait for them; then the longest, so that no long run is left for the end.
    private void Queue(IReadOnlyList<PlannedRun> plan)
    {
        if (ReferenceEquals(plan, _plan)) return;
        (_plan, _queue) = (plan,
            [.. plan.OrderByDescending(run => run.IsTrial).ThenByDescending(run => run.OwnFlops)]);
        _trunks = plan.Where(run => run.Trunk is not null).ToLookup(run => run.Trunk!.RunId);
    }

    private (PlannedRun? Run, HeldRun? Claim) TryClaimOne(out bool anyOpen)
    {
        // What several processes died of comes last.
        var deadly = new List<(PlannedRun Run, int Deaths)>();
        anyOpen = false;
        foreach (var run in _queue)
        {
            var state = _view.StateOf(run);
            if (state.IsSettled) continue;
            anyOpen = true;
            if (state.Deaths > 1) deadly.Add((run, state.Deaths));
            else if (TryClaim(run) is { } claim) return (run, claim);
        }
        foreach (var (run, _) in deadly.OrderBy(open => open.Deaths))
            if (TryClaim(run) is { } claim) return (run, claim);
        return (null, null);
    }

    private HeldRun? TryClaim(PlannedRun run)
    {
        if (_setBack.Contains(run.RunId)) return null;
        // A trunk that ended early leaves what it has; where it has nothing, the run begins at the beginning.
        if (folder.TrunkOf(run) is { IsReached: false } && _trunks[run.Trunk!.RunId]
            .Any(other => other.RunId == run.Trunk.RunId && !_view.StateOf(other).IsSettled)) return null;
        if (time?.IsTooShortFor(run) == true)
        {
            IsOutOfTime = true;
            return null;
        }
        if (HeldRun.TryTake(new ClaimFiles(folder.RunFolder(run.RunId)), _view.Watch) is not { } claim) return null;
        // Between looking and claiming another worker may have finished it.
        if (!_view.StateOf(run).IsSettled) return claim;
        End(claim, new ClaimEnd(ClaimEndKind.Settled));
        return null;
    }

    // Where every run of a trunk has its result, nobody takes up its checkpoints any more.
    private void DropUsedCheckpoints(string? trunk)
    {
        if (trunk is not null && _trunks[trunk].All(run => _view.StateOf(run).Result is not null))
            RunSession.DropCheckpoints(folder.RunFolder(trunk));
    }

    private void Train(PlannedRun run, HeldRun claim, CancellationToken stop)
    {
        using (claim)
        {
            try
            {
                time?.Begin();
                Log.Information("{Cell}: run {Run} begins", run.Cell, run.RunId);
                var config = ConfigOf(run);
                claim.BePatient(TimeSpan.FromSeconds(
                    run.Flops / run.Tokens * config.Batch.TokensPerStep / SlowestMachine));
                var place = folder.RunFolder(run.RunId);
                Prepare(run, config, place);
                var outcome = RunSession.Execute(config, place, OptionsFor(run, claim, stop));
                var preempted = outcome == RunOutcome.Preempted;
                (_failures, _disturbances, _lastGood) = (0, 0, Stopwatch.GetTimestamp());
                End(claim, new ClaimEnd(preempted ? ClaimEndKind.Preempted : ClaimEndKind.Settled));
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Fail(run, claim, e);
            }
        }
    }

    // A stranger's folder may lead elsewhere, a plan may name another run, dead workers leave what they wrote aside.
    private static void Prepare(PlannedRun run, RunConfig config, string place)
    {
        ConfinedPath.RequireNoLinks(place, depth: 5);
        if (RunSession.Resolve(config).Id is var id && id != run.RunId)
            throw new UserException($"{place}: the plan's configuration of this run is that of run {id}: its line of "
                + "the plan is damaged, or the data was replaced; `pretrainbench grid verify --repair` sets the line "
                + "aside, and `grid launch` plans anew");
        TemporaryName.Clear(place, depth: 4);
    }

    private void Fail(PlannedRun run, HeldRun claim, Exception e)
    {
        Log.Debug(e, "run {Run}", run.RunId);
        if (!claim.IsOwner)
        {
            Log.Warning("{Cell}: run {Run} was taken over by another worker: {Message}", run.Cell, run.RunId,
                e.Message);
            return;
        }
        if (Disturbance.Is(e))
        {
            _setBack.Add(run.RunId);
            End(claim, new ClaimEnd(ClaimEndKind.Disturbed, e.Message));
            Complain(e, $"{run.Cell}: run {run.RunId} was disturbed and is tried again later: {e.Message}");
            return;
        }
        var final = e is UserException { ExitCode: ExitCodes.Usage };
        End(claim, new ClaimEnd(ClaimEndKind.Failed, e.Message, final));
        Log.Error("{Cell}: run {Run} failed: {Message}", run.Cell, run.RunId, e.Message);
        if (++_failures >= FailuresInARow)
            throw new UserException(
                $"{_failures} runs in a row failed, the last one because: {e.Message}", ExitCodes.Failed, e);
    }

    // A full disk has no room for the end either: it is written when there is.
    private void End(HeldRun claim, ClaimEnd end)
    {
        try
        {
            claim.End(end);
        }
        catch (Exception e) when (Disturbance.Is(e))
        {
            _unwritten.Add((claim, end));
        }
    }

    private void Complain(Exception e, string message)
    {
        Log.Warning("{Message}", message);
        if (Stopwatch.GetElapsedTime(_lastGood) > MostDisturbed)
            throw new UserException($"nothing could be trained for {Quantity.Time(MostDisturbed)}, at last because: "
                + e.Message, ExitCodes.Preempted);
    }

    private RunConfig ConfigOf(PlannedRun run)
    {
        var config = run.ReadConfig();
        var execution = config.Execution with { Threads = threads };
        return config with
        {
            Execution = device is null ? execution
                : execution with { Device = device.Name, WorkersOnDevice = device.Workers },
        };
    }

    private RunOptions OptionsFor(PlannedRun run, HeldRun claim, CancellationToken stop) => new()
    {
        Logger = Log.Logger,
        Stop = stop,
        StillOwner = () => claim.IsOwner,
        TakesOver = claim.TakesOver,
        Worked = claim.Worked,
        Progress = new Reporter(run, claim),
        Labels = new Dictionary<string, string> { ["optimizer"] = run.Cell.Optimizer, ["size"] = run.Cell.Size },
        Trunk = folder.TrunkOf(run),
        BranchSteps = run.Trunk?.BranchSteps ?? [],
    };

    // Progress<T> would post to other threads and arrive out of order.
    private sealed class Reporter(PlannedRun run, HeldRun claim) : IProgress<TrainProgress>
    {
        public void Report(TrainProgress value)
        {
            var done = run.Tokens * value.Step / Math.Max(1, value.TotalSteps);
            claim.Report(Math.Max(0, done - (run.Tokens - run.OwnTokens)), run.OwnTokens, value.TokensPerSecond,
                value.Loss);
        }
    }
}
