using PretrainBench.Core;
using PretrainBench.Grids.Status;

namespace PretrainBench.Grids.Launching;

/// <summary>How many workers a grid still needs from a scheduler.</summary>
internal static class OpenWork
{
    // Without a word of the user's: no site's limit of jobs, and a small grid's whole.
    private const int DefaultWorkers = 8;

    /// <summary>Plans the grid and counts what is open.</summary>
    /// <param name="present">The workers that are queued or running; asked only where something is open.</param>
    /// <returns>The workers to submit; or none, and the report that says why.</returns>
    public static (int Workers, LaunchReport? Report) Of(
        GridFolder folder, int? workers, Func<IReadOnlyList<string>> present)
    {
        if (workers is < 1) throw new UserException($"`--workers {workers}`: at least one is needed");
        var view = new GridView(folder);
        view.Plan();
        var status = view.Status();
        var failed = status.Count(RunStateKind.Failed);
        if (status.IsComplete)
            return (0, failed == 0
                ? new(ExitCodes.Done, $"{folder.Root}: every run has its result; nothing is submitted")
                : new(ExitCodes.Failed, $"{folder.Root}: {failed} runs failed, the others have their results; "
                    + "nothing is submitted"));
        var wanted = Math.Min(workers ?? DefaultWorkers, status.Total - status.Settled);
        var there = present().Count;
        return there < wanted ? (wanted - there, null)
            : (0, new(ExitCodes.Done, $"{folder.Root}: {there} workers of this grid are queued or running already; "
                + "nothing is submitted", Present: there));
    }
}
