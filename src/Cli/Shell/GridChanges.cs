using PretrainBench.Grids.Status;

namespace PretrainBench.Cli.Shell;

/// <summary>Tells which runs of a grid have changed their state since it was last asked.</summary>
internal sealed class GridChanges
{
    private Dictionary<string, RunStateKind> _known = [];

    /// <summary>The runs in another state than at the last look; at the first, all but those that wait.</summary>
    public IReadOnlyList<RunStatusLine> Since(GridStatus status)
    {
        var before = _known;
        _known = status.Lines.ToDictionary(line => line.Run.RunId, line => line.State.Kind);
        return [.. status.Lines.Where(line
            => before.GetValueOrDefault(line.Run.RunId, RunStateKind.Waiting) != line.State.Kind)];
    }
}
