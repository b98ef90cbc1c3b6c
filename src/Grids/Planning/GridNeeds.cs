using PretrainBench.Grids.Launching;
using PretrainBench.Grids.Status;
using PretrainBench.Training;

namespace PretrainBench.Grids.Planning;

/// <summary>About what the open runs of a grid take of this machine, known before a worker starts.</summary>
/// <param name="Runs">How many are open, those included whose learning rate is not chosen yet.</param>
/// <param name="MemoryBytes">Of all workers, each with the largest run.</param>
/// <param name="DiskBytes">Checkpoints of runs under way, and final weights.</param>
/// <param name="Warnings">What is probably not meant.</param>
public sealed record GridNeeds(
    int Runs, double Tokens, double MemoryBytes, double DiskBytes, TimeSpan Time, IReadOnlyList<string> Warnings)
{
    /// <summary>Looks at what is open; null where nothing is.</summary>
    public static GridNeeds? Of(GridFolder folder, LaunchConfig launch)
    {
        var view = new GridView(folder);
        var planned = view.Planner.Determined(view.TuningLossOf);
        var outlook = view.Planner.Outlook(view.TuningLossOf);
        bool IsOpen(PlannedRun run) => !view.StateOf(run).IsSettled;
        var open = planned.Concat(outlook).Where(IsOpen).ToList();
        if (open.Count == 0) return null;
        // Runs of one size differ in their budgets: the longest says how often the data are gone through.
        var largest = open.GroupBy(run => run.Cell.Size).Select(size => (Count: size.Count(),
            Needs: RunNeeds.Of(size.MaxBy(run => run.Tokens)!.ReadConfig()))).ToList();
        var workers = Math.Min(launch.Workers, open.Count);
        var estimate = GridEstimate.Of(view.Planner, planned, outlook, view.TuningLossOf, IsOpen,
            ThroughputProbe.Measure([.. planned, .. outlook], launch.DeviceOf(1)), launch);
        return new(open.Count, open.Sum(run => (double)run.OwnTokens),
            workers * largest.Max(size => size.Needs.MemoryBytes),
            workers * largest.Max(size => size.Needs.CheckpointBytes)
                + largest.Sum(size => size.Count * size.Needs.FinalBytes),
            estimate.Time,
            [.. largest.MaxBy(size => size.Needs.Passes).Needs.Warnings(), .. OtherWorkers()]);
    }

    private static IEnumerable<string> OtherWorkers()
    {
        if (!OperatingSystem.IsLinux()) yield break;
        var count = Directory.EnumerateDirectories("/proc").Count(IsWorker);
        if (count > 0)
            yield return $"{count} workers of grids run on this machine already: together they are slower than one "
                + "after the other where they share cores";
    }

    private static bool IsWorker(string process)
    {
        try
        {
            return int.TryParse(Path.GetFileName(process), out _)
                && File.ReadAllText(Path.Combine(process, "cmdline"))
                    .Contains("\0grid\0work\0", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is another user's.
            return false;
        }
    }
}
