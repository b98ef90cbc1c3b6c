using PretrainBench.Grids.Planning;

namespace PretrainBench.Grids.Status;

/// <summary>A planned run and where it stands.</summary>
public sealed record RunStatusLine(PlannedRun Run, RunState State)
{
    /// <summary>The share of the run that is done, from 0 to 1.</summary>
    public double Share => State.IsSettled ? 1
        : State.Heartbeat is { TokensTotal: > 0 } beat ? Math.Min(1, (double)beat.Tokens / beat.TokensTotal) : 0;

    /// <summary>The time left at its present rate; null while it has none.</summary>
    public TimeSpan? TimeLeft
        => State is { Kind: RunStateKind.Running, Heartbeat: { TokensPerSecond: > 0, TokensTotal: > 0 } beat }
            ? TimeSpan.FromSeconds((1 - Share) * beat.TokensTotal / beat.TokensPerSecond) : null;
}

/// <summary>Where a grid stands.</summary>
/// <param name="Lines">The planned runs.</param>
/// <param name="Outlook">Runs that tuning has yet to determine, at the size that they will have.</param>
public sealed record GridStatus(IReadOnlyList<RunStatusLine> Lines, IReadOnlyList<PlannedRun> Outlook)
{
    private static readonly TimeSpan LeastElapsed = TimeSpan.FromSeconds(10);

    /// <summary>Runs in all, those included that tuning has yet to determine; further tuning rounds may add
    /// some.</summary>
    public int Total => Lines.Count + Outlook.Count;

    public int Count(RunStateKind kind) => Lines.Count(line => line.State.Kind == kind);

    /// <summary>Runs for which nothing more will be done.</summary>
    public int Settled => Lines.Count(line => line.State.IsSettled);

    /// <summary>Whether all is done that can be done.</summary>
    public bool IsComplete => Outlook.Count == 0 && Settled == Lines.Count;

    /// <summary>Whether nothing more will happen by itself: it is complete, or a trial failed, whose loss decides what
    /// else there is to do.</summary>
    public bool IsOver => Settled == Lines.Count
        && (Outlook.Count == 0 || Lines.Any(line => line.Run.IsTrial && line.State.Kind == RunStateKind.Failed));

    /// <summary>Forward and backward FLOPs of the whole grid, those of a trunk once.</summary>
    public double TotalFlops => Lines.Sum(line => line.Run.OwnFlops) + Outlook.Sum(run => run.OwnFlops);

    /// <summary>Forward and backward FLOPs done so far.</summary>
    public double DoneFlops => Lines.Sum(line => line.Run.OwnFlops * line.Share);

    /// <summary>Tokens per second of all running runs together.</summary>
    public double TokensPerSecond => Running.Sum(Rate);

    /// <summary>FLOPs per second of all running runs together.</summary>
    public double FlopsPerSecond
        => Running.Sum(line => Rate(line) * line.Run.Flops / Math.Max(1, line.Run.Tokens));

    /// <summary>The time left at the present rate; null while nothing has a rate.</summary>
    public TimeSpan? TimeLeft
        => FlopsPerSecond > 0 ? TimeSpan.FromSeconds((TotalFlops - DoneFlops) / FlopsPerSecond) : null;

    /// <summary>The time left at the mean pace since an earlier look, which runs of different sizes do not shake as
    /// they do <see cref="TimeLeft"/>; null in the first seconds, when workers are still starting.</summary>
    public TimeSpan? TimeLeftSince(GridStatus first, TimeSpan elapsed)
        => elapsed >= LeastElapsed && DoneFlops > first.DoneFlops
            ? elapsed * ((TotalFlops - DoneFlops) / (DoneFlops - first.DoneFlops)) : null;

    private static double Rate(RunStatusLine line) => line.State.Heartbeat?.TokensPerSecond ?? 0;

    private IEnumerable<RunStatusLine> Running => Lines.Where(line => line.State.Kind == RunStateKind.Running);
}
