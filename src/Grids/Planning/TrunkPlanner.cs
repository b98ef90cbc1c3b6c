using PretrainBench.Training.Configuration;

namespace PretrainBench.Grids.Planning;

/// <summary>Finds the runs of a grid that share a trunk: alike in all but the tokens per parameter. The longest is the
/// trunk. A ladder's trial is trained alone, since its rate is a cell's only when it has won.</summary>
/// <param name="runsOf">The runs of a cell.</param>
internal sealed class TrunkPlanner(LearningRateTuner tuner, Func<GridCell, CellRuns> runsOf)
{
    private readonly ILookup<GridCell, double> _ratios
        = tuner.Cells.ToLookup(Alike, cell => cell.TokensPerParameter);

    /// <summary>A run's place; null where there is no run of another length.</summary>
    public TrunkPlace? PlaceOf(GridCell cell)
    {
        var cells = _ratios[Alike(cell)].Select(ratio => cell with { TokensPerParameter = ratio }).ToList();
        var runs = cells.Where(other => !tuner.IsTrialAlone(other)).Select(runsOf).ToList();
        if (cells.Count < 2 || runs.MaxBy(run => run.Run.Steps) is not { } longest) return null;
        var (own, trunk) = (runsOf(cell), longest.IdOf(cell.Seed));
        if (own.IdOf(cell.Seed) == trunk)
            return new(trunk, 0, 0, [.. runs.Where(other => other.IdOf(cell.Seed) != trunk)
                .Select(other => LeavesAt(other.Run)).Where(step => step > 0).Distinct()]);
        var shared = tuner.IsTrialAlone(cell) ? 0 : LeavesAt(own.Run);
        return new(trunk, shared, shared * own.Run.Config.Batch.TokensPerStep, []);
    }

    private static int LeavesAt(ResolvedRun run) => run.SharedSteps;

    private static GridCell Alike(GridCell cell) => cell with { TokensPerParameter = 0, LearningRate = null };
}
