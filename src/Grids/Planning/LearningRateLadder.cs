using PretrainBench.Core;

namespace PretrainBench.Grids.Planning;

/// <summary>The rungs of one geometric ladder of learning rates around a start. Rungs are numbered from the start, so
/// that equal ladders have bitwise equal rates however they grew.</summary>
/// <param name="Start">The rate of rung 0.</param>
/// <param name="Factor">The ratio of neighbouring rungs.</param>
/// <param name="Lowest">The lowest rung's number.</param>
/// <param name="Highest">The highest rung's number.</param>
internal sealed record LearningRateLadder(double Start, double Factor, int Lowest, int Highest)
{
    /// <summary>The rates, lowest first.</summary>
    public IReadOnlyList<double> Rates
        => [.. Enumerable.Range(Lowest, Highest - Lowest + 1)
            .Select(rung => (Start * Math.Pow(Factor, rung)).ToSixDigits())];

    /// <summary>A ladder of some rungs around the start; of an even number the upper side has one more.</summary>
    public static LearningRateLadder Around(double start, double factor, int rungs)
        => new(start, factor, -((rungs - 1) / 2), rungs / 2);

    /// <summary>Where the best rung is: the first of the lowest losses; diverged rungs count as infinite.</summary>
    public static int Best(IReadOnlyList<double> losses)
        => Enumerable.Range(0, losses.Count).MinBy(i => double.IsNaN(losses[i]) ? double.PositiveInfinity : losses[i]);

    /// <summary>Whether the best rung is the lowest or the highest.</summary>
    public static bool IsOnEdge(IReadOnlyList<double> losses)
        => Best(losses) is var best && (best == 0 || best == losses.Count - 1);

    /// <summary>The ladder with a rung more: beyond the best on an edge, else at the end of lower loss.</summary>
    public LearningRateLadder Grown(IReadOnlyList<double> losses)
    {
        var best = Best(losses);
        // All diverged: Best is the lowest rung then, and lower is where to look.
        var downwards = best == 0 || (best != losses.Count - 1 && losses[0] < losses[^1]);
        return downwards ? this with { Lowest = Lowest - 1 } : this with { Highest = Highest + 1 };
    }
}
