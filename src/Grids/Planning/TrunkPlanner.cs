using PretrainBench.Training.Configuration;

namespace PretrainBench.Grids.Planning;

/// <summary>Finds the runs of a grid that share a trunk: alike in all but the tokens per parameter. The longest is the
/// trunk. A ladder's trial is trained alone, since its rate is a cell's only when it has won.</summary>
/// <param name="runOf">The run of a cell.</param>
internal sealed class TrunkPlanner(LearningRateTuner tuner, Func<GridCell, ResolvedRun> runOf)
{
    private readonly ILookup<GridCell, double> _ratios
        = tuner.Cells().ToLookup(Alike, cell => cell.TokensPerParameter);

    /// <summary>A run's place; null where there is no run of another length.</summary>
    public TrunkPlace? PlaceOf(GridCell cell)
    {
        var cells = _ratios[Alike(cell)].Select(ratio => cell with { TokensPerParameter = ratio }).ToList();
        var runs = cells.Where(other => !tuner.IsTrialAlone(other)).Select(runOf).ToList();
        if (cells.Count < 2 || runs.MaxBy(run => run.Steps) is not { } trunk) return null;
        var run = runOf(cell);
        if (run.Id == trunk.Id)
            return new(run.Id, 0, 0,
                [.. runs.Where(other => other.Id != run.Id).Select(LeavesAt).Where(step => step > 0).Distinct()]);
        var shared = tuner.IsTrialAlone(cell) ? 0 : LeavesAt(run);
        return new(trunk.Id, shared, shared * run.Config.Batch.TokensPerStep, []);
    }

    private static int LeavesAt(ResolvedRun run) => (int)run.Config.Schedule.DecayStart(run.Steps);

    private static GridCell Alike(GridCell cell) => cell with { TokensPerParameter = 0, LearningRate = null };
}
