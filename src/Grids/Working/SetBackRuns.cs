using System.Diagnostics;
using PretrainBench.Grids.Claims;

namespace PretrainBench.Grids.Working;

/// <summary>Runs that a worker leaves alone for a while, since something else than themselves disturbed them: longer
/// each time.</summary>
internal sealed class SetBackRuns
{
    private readonly Dictionary<string, (int Times, long Since)> _runs = [];

    /// <summary>Sets a run back.</summary>
    public void Add(string runId)
        => _runs[runId] = (_runs.GetValueOrDefault(runId).Times + 1, Stopwatch.GetTimestamp());

    /// <summary>Whether a run is set back now.</summary>
    public bool Contains(string runId)
        => _runs.TryGetValue(runId, out var run) && Stopwatch.GetElapsedTime(run.Since) < Disturbance.Pause(run.Times);
}
