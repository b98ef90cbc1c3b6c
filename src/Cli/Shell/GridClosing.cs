using PretrainBench.Core;
using PretrainBench.Grids;
using PretrainBench.Grids.Status;

namespace PretrainBench.Cli.Shell;

/// <summary>What a launch leaves behind, in words: what to look at, and what to do next.</summary>
internal static class GridClosing
{
    private const int MostListed = 5;

    public static string Of(GridView view, GridFolder folder, GridStatus status)
    {
        var edges = view.Planner.Groups(view.TuningLossOf)
            .Where(group => group is { IsDecided: true, IsBestOnEdge: true })
            .Select(group => $"{group.Anchor}: the best learning rate, {group.Best!.Value.Rounded(4)}, is the "
                + (group.Best == group.Rates[0] ? "lowest" : "highest") + " that was tried");
        var next = status.IsComplete && status.Count(RunStateKind.Failed) == 0
            ? $"pretrainbench grid collect {folder.Root}; pretrainbench report {folder.Root}"
            : $"pretrainbench grid resume {folder.Root}";
        return string.Join('\n',
        [
            GridText.Summary(status),
            .. Some("on an edge", edges),
            .. Some("diverged", Of(RunStateKind.Diverged).Select(line
                => $"{line.Run.Cell} at step {line.State.Result!.DivergedAtStep}")),
            .. Some("failed", Of(RunStateKind.Failed).Select(line
                => $"{line.Run.Cell}: {line.State.Reason} (files in {folder.RunFolder(line.Run.RunId)})")),
            Row("next", next),
        ]);

        IEnumerable<RunStatusLine> Of(RunStateKind kind) => status.Lines.Where(line => line.State.Kind == kind);
    }

    private static IEnumerable<string> Some(string heading, IEnumerable<string> texts)
    {
        var all = texts.ToList();
        var shown = all.Count <= MostListed ? all
            : [.. all.Take(MostListed - 1), $"and {all.Count - MostListed + 1} more"];
        return shown.Select((text, index) => Row(index == 0 ? heading : "", text));
    }

    private static string Row(string heading, string text) => $"{heading,-12} {text}";
}
