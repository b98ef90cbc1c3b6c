using System.Diagnostics;
using PretrainBench.Grids.Planning;

namespace PretrainBench.Grids.Working;

/// <summary>The time that a scheduler leaves a worker, by the worker's own clock.</summary>
/// <param name="limit">Until the scheduler ends it.</param>
public sealed class WorkerTime(TimeSpan limit)
{
    // For a checkpoint, where the scheduler's notice was lost or comes too late.
    private static readonly TimeSpan MostReserve = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan DefaultInterval = TimeSpan.FromMinutes(10);

    private readonly long _since = Stopwatch.GetTimestamp();
    private bool _hasBegun;

    /// <summary>How long it may train before it has to save a checkpoint by itself.</summary>
    public TimeSpan UntilStop => limit - (limit / 4 < MostReserve ? limit / 4 : MostReserve);

    /// <summary>Notes that a run begins.</summary>
    internal void Begin() => _hasBegun = true;

    /// <summary>Whether a run would hardly get further than its start: less than the time between two checkpoints is
    /// left, or than a quarter of all. A worker's first run is always begun, so that short limits get on as
    /// well.</summary>
    internal bool IsTooShortFor(PlannedRun run)
    {
        if (!_hasBegun) return false;
        var interval = run.ReadConfig().Checkpoint.IntervalSeconds is > 0 and var seconds
            ? TimeSpan.FromSeconds(seconds) : DefaultInterval;
        return UntilStop - Stopwatch.GetElapsedTime(_since) < (interval < limit / 4 ? interval : limit / 4);
    }
}
