namespace PretrainBench.Theory.RandomFeatures;

/// <summary>Turns measurements of one kind of sketch into exponents and gaps.</summary>
internal sealed class ExponentReader(RandomFeaturesConfig config, string kind, FeatureMeasurements measurements,
    int iteratedSketches)
{
    private static readonly FeatureOptimizer[] Exact =
        [FeatureOptimizer.GradientDescent, FeatureOptimizer.NaturalGradient, FeatureOptimizer.UndampedNaturalGradient];

    private readonly Resampling _all = new(measurements.Sketches, config.Targets, config.Resamples, config.Seed);
    private readonly Resampling _iterated =
        new(iteratedSketches, config.IteratedTargets, config.Resamples, config.Seed);

    /// <summary>The optimizers in the order of the tables.</summary>
    public static IEnumerable<FeatureOptimizer> Optimizers => Enum.GetValues<FeatureOptimizer>();

    /// <summary>Losses of an optimizer at the configured T.</summary>
    public LossCube Cube(FeatureOptimizer optimizer, int s)
        => Exact.Contains(optimizer)
            ? measurements.Exact(optimizer, s, config.Steps, config.Damping)
            : measurements.FromIteration(optimizer, s);

    /// <summary>One exponent of an optimizer that is exact in the eigenbasis.</summary>
    public FeatureExponent ExactExponent(FeatureOptimizer optimizer, int s, int steps, double damping)
        => Read(optimizer, s, steps, optimizer == FeatureOptimizer.NaturalGradient ? damping : null,
            measurements.Exact(optimizer, s, steps, damping));

    /// <summary>Every optimizer at one s: exponent, gap and the losses behind it.</summary>
    public (List<FeatureExponent> Exponents, List<FeatureGap> Gaps, List<FeatureLoss> Losses) At(int s)
    {
        var (exponents, gaps, losses) = (new List<FeatureExponent>(), new List<FeatureGap>(), new List<FeatureLoss>());
        var descent = Cube(FeatureOptimizer.GradientDescent, s);
        var natural = Cube(FeatureOptimizer.NaturalGradient, s);
        foreach (var optimizer in Optimizers)
        {
            var cube = Cube(optimizer, s);
            double? damping = optimizer == FeatureOptimizer.NaturalGradient ? config.Damping : null;
            exponents.Add(Read(optimizer, s, config.Steps, damping, cube));
            var picks = PicksOf(cube);
            for (var size = 0; size < config.Sizes.Count; size++)
                losses.Add(
                    new FeatureLoss(kind, optimizer, config.SpectralIndices[s], config.Sizes[size],
                        cube.Best(size, picks.All).Loss));
            if (optimizer == FeatureOptimizer.GradientDescent) continue;
            gaps.Add(Gap(optimizer, s, cube, descent, natural));
        }
        return (exponents, gaps, losses);
    }

    private FeatureGap Gap(FeatureOptimizer optimizer, int s, LossCube cube, LossCube descent, LossCube natural)
    {
        var picks = PicksOf(cube);
        var pairedDescent = descent.Restrict(cube.Sketches, cube.Targets);
        var pairedNatural = natural.Restrict(cube.Sketches, cube.Targets);
        return new FeatureGap(
            kind,
            optimizer,
            config.SpectralIndices[s],
            config.Steps,
            picks.Of(pick => cube.Alpha(pick) - pairedDescent.Alpha(pick)),
            picks.Of(pick => cube.Alpha(pick) / pairedDescent.Alpha(pick)),
            picks.Of(pick => pairedNatural.Alpha(pick) - cube.Alpha(pick)));
    }

    private FeatureExponent Read(FeatureOptimizer optimizer, int s, int steps, double? damping, LossCube cube)
    {
        var picks = PicksOf(cube);
        int sizes = config.Sizes.Count, half = (sizes + 1) / 2;
        var best = Enumerable.Range(0, sizes).Select(size => cube.Best(size, picks.All).Rate).ToArray();
        var rates = cube.Losses[0][0][0].Length;
        var values = IteratedOptimizer.IsLinear(optimizer) ? LearningRates.Linear : LearningRates.Scaled;
        // A one-step solver is best at a rate of 1 at any T, and on no edge.
        var edge = best.Any(rate => rate % values.Count == 0 || rate % values.Count == values.Count - 1);
        return new FeatureExponent(
            kind,
            optimizer,
            config.SpectralIndices[s],
            steps,
            damping,
            picks.Of(pick => cube.Alpha(pick)),
            cube.Alpha(picks.All, 0, half),
            cube.Alpha(picks.All, sizes - half, sizes),
            values[best[^1] % values.Count],
            edge && rates > 1);
    }

    private Resampling PicksOf(LossCube cube)
        => cube.Sketches == measurements.Sketches && cube.Targets == config.Targets ? _all : _iterated;
}
