using PretrainBench.Core;
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
public sealed class GridWorker(GridFolder folder, int threads)
{
    /// <summary>A worker stops after as many failed runs in a row: the reason is hardly the runs.</summary>
    public const int FailuresInARow = 3;

    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(500);

    private readonly GridView _view = new(folder);
    private readonly HashSet<string> _dropped = [];
    private int _failures;

    /// <summary>Works until every run has settled, or until told to stop.</summary>
    /// <param name="stop">Asks the run at hand to save a checkpoint, and the worker to end.</param>
    /// <returns>See <see cref="ExitCodes"/>.</returns>
    /// <exception cref="UserException">Several runs in a row failed.</exception>
    public int Work(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            var plan = _view.Plan();
            DropUsedCheckpoints(plan);
            var open = plan.Where(run => !_view.StateOf(run).IsSettled).ToList();
            if (open.Count == 0) return ExitCodes.Done;
            if (TryClaimOne(open) is var (run, claim) && run is not null) Train(run, claim!, stop);
            // Others hold the rest: they may die, or their results may determine further runs.
            else stop.WaitHandle.WaitOne(LookAgain);
        }
        return ExitCodes.Preempted;
    }

    private (PlannedRun? Run, HeldRun? Claim) TryClaimOne(List<PlannedRun> open)
    {
        // Trials first, since other runs wait for them; then the longest, so that no long run is left for the end.
        foreach (var run in open.OrderByDescending(run => run.IsTrial).ThenByDescending(run => run.OwnFlops))
        {
            // A trunk that ended early leaves what it has; where it has nothing, the run begins at the beginning.
            if (folder.TrunkOf(run) is { IsReached: false } && open.Any(other => other.RunId == run.Trunk!.RunId))
                continue;
            if (HeldRun.TryTake(new ClaimFiles(folder.RunFolder(run.RunId)), _view.Watch) is not { } claim) continue;
            // Between looking and claiming another worker may have finished it.
            if (!_view.StateOf(run).IsSettled) return (run, claim);
            claim.End(new ClaimEnd(ClaimEndKind.Settled));
        }
        return (null, null);
    }

    // Where every run of a trunk has its result, nobody takes up its checkpoints any more.
    private void DropUsedCheckpoints(IReadOnlyList<PlannedRun> plan)
    {
        foreach (var trunk in plan.Where(run => run.Trunk is { BranchSteps.Count: > 0 }))
            if (!_dropped.Contains(trunk.RunId)
                && plan.Where(run => run.Trunk?.RunId == trunk.RunId).All(run => _view.StateOf(run).Result is not null))
            {
                RunSession.DropCheckpoints(folder.RunFolder(trunk.RunId));
                _dropped.Add(trunk.RunId);
            }
    }

    private void Train(PlannedRun run, HeldRun claim, CancellationToken stop)
    {
        using (claim)
        {
            try
            {
                Log.Information("{Cell}: run {Run} begins", run.Cell, run.RunId);
                var options = OptionsFor(run, claim, stop);
                var outcome = RunSession.Execute(ConfigOf(run), folder.RunFolder(run.RunId), options);
                var preempted = outcome == RunOutcome.Preempted;
                claim.End(new ClaimEnd(preempted ? ClaimEndKind.Preempted : ClaimEndKind.Settled));
                _failures = 0;
            }
            catch (Exception e) when (e is not OutOfMemoryException)
            {
                Fail(run, claim, e);
            }
        }
    }

    private void Fail(PlannedRun run, HeldRun claim, Exception e)
    {
        var final = e is UserException { ExitCode: ExitCodes.Usage };
        claim.End(new ClaimEnd(ClaimEndKind.Failed, e.Message, final));
        Log.Error("{Cell}: run {Run} failed: {Message}", run.Cell, run.RunId, e.Message);
        Log.Debug(e, "run {Run}", run.RunId);
        if (++_failures >= FailuresInARow)
            throw new UserException(
                $"{_failures} runs in a row failed, the last one because: {e.Message}", ExitCodes.Failed, e);
    }

    private RunConfig ConfigOf(PlannedRun run)
    {
        var config = run.ReadConfig();
        return config with { Execution = config.Execution with { Threads = threads } };
    }

    private RunOptions OptionsFor(PlannedRun run, HeldRun claim, CancellationToken stop) => new()
    {
        Logger = Log.Logger,
        Stop = stop,
        StillOwner = () => claim.IsOwner,
        Progress = new Reporter(run, claim),
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
