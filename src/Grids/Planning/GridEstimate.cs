using PretrainBench.Grids.Launching;

namespace PretrainBench.Grids.Planning;

/// <summary>What a grid costs before it starts.</summary>
/// <param name="Runs">Planned runs, those included that tuning has yet to determine.</param>
/// <param name="MostExtraRuns">Trials that tuning may add at most.</param>
/// <param name="Tokens">Tokens that are trained on, those of a trunk once.</param>
/// <param name="Flops">Forward and backward FLOPs of these tokens.</param>
/// <param name="TokensAlone">The tokens without trunks.</param>
/// <param name="FlopsAlone">The FLOPs without trunks.</param>
/// <param name="Settled">Runs with a result, or given up.</param>
/// <param name="DoneFlops">The FLOPs of these.</param>
/// <param name="Time">What remains on this machine: forward and backward passes, runs with a result left out.</param>
/// <param name="MostExtraTime">The time of the trials that tuning may add.</param>
public sealed record GridEstimate(
    int Runs, int MostExtraRuns, double Tokens, double Flops, double TokensAlone, double FlopsAlone, int Settled,
    double DoneFlops, TimeSpan Time, TimeSpan MostExtraTime)
{
    // Thirty thousand years: a grid for GPU nodes, planned on a laptop.
    private const double MostSeconds = 9e11;

    /// <summary>Estimates a grid from the FLOPs per second of one thread that were measured for each size.</summary>
    public static GridEstimate Of(
        GridPlanner planner, IReadOnlyList<PlannedRun> planned, IReadOnlyList<PlannedRun> outlook,
        Func<PlannedRun, double?> loss, Func<PlannedRun, bool> isOpen,
        IReadOnlyDictionary<string, double> flopsPerSecond, LaunchConfig launch)
    {
        var all = planned.Concat(outlook).ToList();
        var settled = all.Where(run => !isOpen(run)).ToList();
        var rule = planner.Grid.Config.Tuning;
        List<PlannedRun> extra = [.. planner.Groups(loss).Where(group => rule is not null && !group.IsDecided)
            .SelectMany(group => Enumerable.Repeat(planner.RunOf(group.Trials.First()),
                rule!.Trials + rule.Extensions - group.Rates.Count))];
        return new GridEstimate(
            all.Count,
            extra.Count,
            all.Sum(run => (double)run.OwnTokens),
            all.Sum(run => run.OwnFlops),
            all.Sum(run => (double)run.Tokens),
            all.Sum(run => run.Flops),
            settled.Count,
            settled.Sum(run => run.OwnFlops),
            Seconds(all.Where(isOpen)),
            Seconds(extra));

        TimeSpan Seconds(IEnumerable<PlannedRun> runs)
            => TimeSpan.FromSeconds(Math.Min(MostSeconds,
                runs.Sum(run => run.OwnFlops / flopsPerSecond[run.Cell.Size]) / launch.Lanes));
    }
}
