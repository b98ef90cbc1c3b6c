namespace PretrainBench.Theory.RandomFeatures;

/// <summary>Losses of one optimizer at one s: [size][sketch][target][learning rate].</summary>
/// <param name="Sizes">N of each first index.</param>
/// <param name="Losses">The losses; NaN or infinite where the optimizer diverged.</param>
internal sealed record LossCube(IReadOnlyList<int> Sizes, double[][][][] Losses)
{
    public int Sketches => Losses[0].Length;

    public int Targets => Losses[0][0].Length;

    /// <summary>The lowest mean over the picked (sketch, target) pairs, over learning rates, and which rate it
    /// was.</summary>
    public (double Loss, int Rate) Best(int size, ReadOnlySpan<(int Sketch, int Target)> picks)
    {
        var first = Losses[size][0][0];
        var sums = new double[first.Length];
        foreach (var (sketch, target) in picks)
        {
            var losses = Losses[size][sketch][target];
            for (var rate = 0; rate < sums.Length; rate++) sums[rate] += losses[rate];
        }
        (double Loss, int Rate) best = (double.PositiveInfinity, 0);
        for (var rate = 0; rate < sums.Length; rate++)
            if (sums[rate] / picks.Length < best.Loss) best = (sums[rate] / picks.Length, rate);
        return best;
    }

    /// <summary>α: −slope of the best mean loss in N, over the sizes from <paramref name="first"/> to before
    /// <paramref name="end"/>.</summary>
    public double Alpha(ReadOnlySpan<(int Sketch, int Target)> picks, int first, int end)
    {
        var (sizes, losses) = (new double[end - first], new double[end - first]);
        for (var i = first; i < end; i++) (sizes[i - first], losses[i - first]) = (Sizes[i], Best(i, picks).Loss);
        return -PowerLaw.SlopeOf(sizes, losses);
    }

    /// <summary>α over all sizes.</summary>
    public double Alpha(ReadOnlySpan<(int Sketch, int Target)> picks) => Alpha(picks, 0, Sizes.Count);

    /// <summary>The first so many sketches and targets: for paired comparisons with an optimizer that had no
    /// more.</summary>
    public LossCube Restrict(int sketches, int targets)
        => new(Sizes,
            [.. Losses.Select(size => size.Take(sketches).Select(sketch => sketch.Take(targets).ToArray()).ToArray())]);
}
