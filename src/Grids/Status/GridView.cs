using System.Diagnostics;
using PretrainBench.Core;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Planning;

namespace PretrainBench.Grids.Status;

/// <summary>Looks at a grid's files. Runs that have a result are remembered, so that looking again costs only the
/// others.</summary>
public sealed class GridView
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    private readonly GridFolder _folder;
    private readonly OwnerWatch _watch;
    private readonly Dictionary<string, RunState> _results = [];

    /// <summary>Opens a grid's folder.</summary>
    /// <param name="watch">Judges whether owners live; the default when null.</param>
    /// <exception cref="Core.UserException">No grid has been planned there.</exception>
    public GridView(GridFolder folder, OwnerWatch? watch = null)
    {
        _folder = folder;
        _watch = watch ?? new OwnerWatch(OwnerWatch.DefaultTimeToLive);
        Planner = folder.Planner();
    }

    public GridPlanner Planner { get; }

    internal OwnerWatch Watch => _watch;

    public RunState StateOf(PlannedRun run)
    {
        if (_results.TryGetValue(run.RunId, out var known)) return known;
        var state = RunState.Read(Path.Combine(_folder.Root, run.RunId), _watch);
        // What failed may be forgiven at any time.
        if (state.Result is not null) _results[run.RunId] = state;
        return state;
    }

    /// <summary>The loss that tuning compares; null while not known.</summary>
    public double? TuningLossOf(PlannedRun run) => StateOf(run).TuningLoss;

    /// <summary>The plan, extended by what can be determined now.</summary>
    public IReadOnlyList<PlannedRun> Plan() => _folder.Extend(Planner, TuningLossOf);

    /// <summary>Everything about the grid as its files say now; nothing is changed.</summary>
    public GridStatus Status()
    {
        var runs = _folder.Plan();
        // Between two rounds of tuning the next runs are determined, and planned by whoever goes on.
        if (!Planner.IsWhole(runs, TuningLossOf))
            runs = [.. runs.Concat(Planner.Determined(TuningLossOf)).DistinctBy(run => run.RunId)];
        return new([.. runs.Select(run => new RunStatusLine(run, StateOf(run)))], Planner.Outlook(TuningLossOf));
    }

    /// <summary>How many processes of this machine train runs of the plan.</summary>
    public int WorkersHere()
        => _folder.Plan().Where(run => !StateOf(run).IsSettled)
            .Select(run => new ClaimFiles(_folder.RunFolder(run.RunId)))
            .Select(claims => (Claims: claims, claims.Newest))
            .Where(claim => claim.Newest > 0 && claim.Claims.EndOf(claim.Newest) is null)
            .Select(claim => claim.Claims.OwnerOf(claim.Newest)).OfType<ProcessIdentity>()
            .Where(owner => owner.HasEnded == false).Distinct().Count();

    /// <summary>Looks at most once a second until nothing more happens by itself, or until told to stop. What a file
    /// server keeps from being read is read at the next look.</summary>
    public void Follow(Action<GridStatus> onStatus, CancellationToken stop)
    {
        do
        {
            var looked = Stopwatch.GetTimestamp();
            try
            {
                var status = Status();
                onStatus(status);
                if (status.IsOver) return;
            }
            catch (Exception e) when (Disturbance.Is(e))
            {
            }
            stop.WaitHandle.WaitOne(LookPause.After(looked, LookAgain));
        }
        while (!stop.IsCancellationRequested);
    }
}
