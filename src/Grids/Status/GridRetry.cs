using PretrainBench.Core;
using PretrainBench.Grids.Planning;

namespace PretrainBench.Grids.Status;

/// <summary>A run that was given a new budget, as it stood before and as it stands now.</summary>
public sealed record RetriedRun(PlannedRun Run, RunState Before, RunState After);

/// <summary>Gives runs a new budget of failures, so that workers try them again.</summary>
public static class GridRetry
{
    /// <summary>Forgives the runs that are named, or all that failed.</summary>
    /// <param name="names">See <see cref="RunName"/>; empty for all that failed.</param>
    /// <exception cref="UserException">A name means no run, or one that has a result.</exception>
    public static IReadOnlyList<RetriedRun> Of(GridFolder folder, IReadOnlyList<string> names)
    {
        var view = new GridView(folder);
        var plan = folder.Plan();
        var runs = names.Count > 0 ? [.. names.Select(name => RunName.Find(plan, name)).Distinct()]
            : plan.Where(run => view.StateOf(run).Kind == RunStateKind.Failed).ToList();
        var before = runs.ConvertAll(view.StateOf);
        if (runs.Zip(before).FirstOrDefault(run => run.Second.Result is not null) is { First: { } done } settled)
            throw new UserException($"{done.Cell} (run {done.RunId}): has a result "
                + (settled.Second.Kind == RunStateKind.Diverged ? "(it diverged, which the table keeps)" : "")
                + "and is not trained again; to do so, move "
                + $"{folder.RunFolder(done.RunId)} elsewhere and run `pretrainbench grid resume {folder.Root}`");
        folder.Forgive(runs);
        return [.. runs.Zip(before, (run, state) => new RetriedRun(run, state, view.StateOf(run)))];
    }
}
