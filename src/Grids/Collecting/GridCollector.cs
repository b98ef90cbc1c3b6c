using PretrainBench.Core;
using PretrainBench.Core.Runs;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;

namespace PretrainBench.Grids.Collecting;

/// <summary>What a grid has to show.</summary>
/// <param name="Cells">One row for each settled cell, at its chosen learning rate.</param>
/// <param name="Trials">All settled tuning trials; empty when nothing was tuned.</param>
/// <param name="Missing">Cells without a row, since their run is not finished.</param>
public sealed record CollectedRuns(IReadOnlyList<RunRow> Cells, IReadOnlyList<RunRow> Trials, int Missing);

/// <summary>Gathers a grid's results as rows of the table that the laws read.</summary>
public static class GridCollector
{
    /// <summary>Gathers the cells and the tuning trials; a partial grid gives a partial table.</summary>
    /// <exception cref="UserException">No run has finished yet.</exception>
    public static CollectedRuns Collect(GridFolder folder)
    {
        var view = new GridView(folder);
        var cells = Settled(view, view.Planner.Chosen(view.TuningLossOf));
        if (cells.Count == 0)
            throw new UserException($"{folder.Root}: no run of the grid has finished yet; `pretrainbench grid "
                + "status` shows where it stands", ExitCodes.Failed);
        var trials = Settled(view, view.Planner.Groups(view.TuningLossOf)
            .SelectMany(group => group.Trials.Select(cell => (view.Planner.RunOf(cell), (TuningGroup?)group))));
        return new CollectedRuns(cells, trials, view.Planner.CellCount - cells.Count);
    }

    private static List<RunRow> Settled(GridView view, IEnumerable<(PlannedRun Run, TuningGroup? Tuning)> runs) =>
    [
        .. from run in runs
           let state = view.StateOf(run.Run)
           where state.IsSettled
           select CollectedRecord.RowOf(run.Run, state, run.Tuning, view.Planner.Grid.Scaling?.LearningRate),
    ];
}
