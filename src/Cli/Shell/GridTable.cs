using PretrainBench.Core;
using PretrainBench.Grids.Status;

namespace PretrainBench.Cli.Shell;

/// <summary>A grid's runs as a table.</summary>
internal static class GridTable
{
    // What a person who watches looks for first.
    private static readonly RunStateKind[] Order =
    [
        RunStateKind.Running, RunStateKind.Failed, RunStateKind.Diverged, RunStateKind.Interrupted,
        RunStateKind.Waiting, RunStateKind.Done,
    ];

    public static string Of(IEnumerable<RunStatusLine> lines, DateTimeOffset now)
        => Tables.Render(["run", "cell", "state", "done", "loss", "tokens/s", "left", "note"],
            [.. lines.Select(line => new[]
            {
                line.Run.RunId, Cell(line), GridText.Name(line.State.Kind),
                line.State.Kind is RunStateKind.Diverged or RunStateKind.Failed ? "" : $"{line.Share:P0}",
                Loss(line), Rate(line), Left(line), Note(line, now),
            })]);

    /// <summary>The same in lines, what runs and what failed first.</summary>
    public static IReadOnlyList<string> Watched(IEnumerable<RunStatusLine> lines, DateTimeOffset now)
        => Lines(Of(lines.OrderBy(line => Array.IndexOf(Order, line.State.Kind)), now));

    /// <summary>A line for each run that somebody trains.</summary>
    public static IReadOnlyList<string> Running(GridStatus status)
    {
        var running = status.Lines.Where(line => line.State.Kind == RunStateKind.Running).ToList();
        return running.Count == 0 ? [] : Lines(Tables.Render(["cell", "done", "loss", "tokens/s", "left"],
            [.. running.Select(line => new[]
            {
                Cell(line), $"{line.Share:P0}", Loss(line), Rate(line), Left(line),
            })]));
    }

    private static string Cell(RunStatusLine line)
        => line.Run.Cell + (line.Run.IsTrial ? "trial" : line.Run.TrunkRole) switch
        {
            "" => "",
            var role => $" ({role})",
        };

    private static string Loss(RunStatusLine line)
        => (line.State.Result?.FinalLoss ?? line.State.Heartbeat?.Loss)?.Fixed(4) ?? "";

    private static string Rate(RunStatusLine line)
        => line.State is { Kind: RunStateKind.Running, Heartbeat: { } beat }
            ? Quantity.Count(beat.TokensPerSecond) : "";

    private static string Left(RunStatusLine line) => line.TimeLeft is { } left ? Quantity.Time(left) : "";

    private static string Note(RunStatusLine line, DateTimeOffset now)
        => line.State.Result?.DivergedAtStep is { } step ? $"at step {step}: {line.State.Reason}"
            : GridText.SinceLastStep(line, now) is { } age ? $"last step {Quantity.Time(age)} ago"
            : line.State.Reason;

    private static string[] Lines(string table) => table.TrimEnd('\n').Split('\n');
}
