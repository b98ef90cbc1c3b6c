using Serilog;

namespace PretrainBench.Training.Checkpoints;

/// <summary>Finds and clears checkpoints within a run.</summary>
internal static class CheckpointFolder
{
    /// <summary>The checkpoint with the most steps that is whole and belongs to the run; damaged and foreign ones are
    /// named in the log and passed over. Null when there is none.</summary>
    /// <param name="mostSteps">Checkpoints with more steps do not count.</param>
    public static (string Folder, CheckpointState State)? Newest(
        IEnumerable<string> checkpointsFolders, string runId, ILogger logger, int mostSteps = int.MaxValue)
    {
        var candidates = checkpointsFolders.SelectMany(All).Where(folder => StepOf(folder) <= mostSteps)
            .OrderByDescending(StepOf).ThenByDescending(folder => folder, StringComparer.Ordinal);
        foreach (var folder in candidates)
        {
            try
            {
                var state = Checkpoint.Verify(folder);
                if (state.RunId == runId) return (folder, state);
                logger.Warning(
                    "{Checkpoint} belongs to run {Other}, not to {Run}; passing it over", folder, state.RunId, runId);
            }
            catch (InvalidDataException e)
            {
                logger.Warning("{Checkpoint} is damaged ({Problem}); going back to the one before", folder, e.Message);
            }
        }
        return null;
    }

    /// <summary>Whether a checkpoint of a step has been written.</summary>
    public static bool Exists(IEnumerable<string> checkpointsFolders, int step)
        => checkpointsFolders.SelectMany(All).Any(folder => StepOf(folder) == step);

    /// <summary>Deletes all of one attempt but the newest few, and those of some steps.</summary>
    public static void Keep(string checkpointsFolder, int count, IReadOnlyList<int> steps)
    {
        foreach (var folder in All(checkpointsFolder).OrderByDescending(StepOf).Skip(count).ToList())
            if (!steps.Contains(StepOf(folder))) QuietDeletion.OfFolder(folder);
    }

    /// <summary>Deletes half-written checkpoints of earlier attempts.</summary>
    public static void ClearUnfinished(IEnumerable<string> checkpointsFolders)
    {
        foreach (var folder in checkpointsFolders.Where(Directory.Exists))
            foreach (var left in Directory.EnumerateDirectories(folder, $".{Checkpoint.Prefix}*"))
                QuietDeletion.OfFolder(left);
    }

    private static IEnumerable<string> All(string checkpointsFolder)
        => !Directory.Exists(checkpointsFolder) ? []
            : Directory.EnumerateDirectories(checkpointsFolder, Checkpoint.Prefix + "*");

    private static int StepOf(string folder)
        => int.TryParse(Path.GetFileName(folder)[Checkpoint.Prefix.Length..], out var step) ? step : -1;
}
