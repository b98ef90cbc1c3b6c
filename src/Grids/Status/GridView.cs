using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Planning;

namespace PretrainBench.Grids.Status;

/// <summary>Looks at a grid's files. Runs that have settled are remembered, so that looking again costs only the open
/// ones.</summary>
public sealed class GridView
{
    private readonly GridFolder _folder;
    private readonly OwnerWatch _watch;
    private readonly Dictionary<string, RunState> _settled = [];

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
        if (_settled.TryGetValue(run.RunId, out var known)) return known;
        var state = RunState.Read(Path.Combine(_folder.Root, run.RunId), _watch);
        if (state.IsSettled) _settled[run.RunId] = state;
        return state;
    }

    /// <summary>The loss that tuning compares; null while not known.</summary>
    public double? TuningLossOf(PlannedRun run) => StateOf(run).TuningLoss;

    /// <summary>The plan, extended by what can be determined now.</summary>
    public IReadOnlyList<PlannedRun> Plan() => _folder.Extend(Planner, TuningLossOf);

    /// <summary>Everything about the grid as its files say now; nothing is changed.</summary>
    public GridStatus Status()
        => new([.. _folder.Plan().Select(run => new RunStatusLine(run, StateOf(run)))], Planner.Outlook(TuningLossOf));
}
