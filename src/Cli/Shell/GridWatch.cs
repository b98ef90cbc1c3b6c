using PretrainBench.Grids.Status;

namespace PretrainBench.Cli.Shell;

/// <summary>Shows a grid that somebody else trains, until nothing more happens.</summary>
internal static class GridWatch
{
    /// <summary>Watches on standard error, as all progress is shown.</summary>
    /// <param name="shown">The runs that are asked for.</param>
    /// <returns>What was seen last.</returns>
    public static GridStatus Run(
        CommandContext context, GridView view, Func<GridStatus, IReadOnlyList<RunStatusLine>> shown)
    {
        var last = view.Status();
        var changes = new GridChanges();
        changes.Since(last);
        return ProgressDisplay.Run("grid", screen =>
        {
            view.Follow(status =>
            {
                last = status;
                var now = DateTimeOffset.UtcNow;
                if (!screen.IsTerminal)
                    foreach (var line in changes.Since(status).Intersect(shown(status)))
                        screen.Say(GridText.Line(line));
                screen.Report(new ProgressUpdate(status.DoneFlops, Math.Max(1, status.TotalFlops),
                    GridText.Progress(status, status.TimeLeft),
                    screen.IsTerminal ? GridTable.Watched(shown(status), now) : null));
            }, context.Interruption.Token);
            return last;
        });
    }
}
