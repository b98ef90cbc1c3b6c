namespace PretrainBench.Theory.RandomFeatures;

/// <summary>Draws every sketch, decomposes every H, and iterates the optimizers that need it: the expensive part of the
/// lab, once. Everything about linear optimizers at any T and damping is then arithmetic on the stored
/// spectra.</summary>
internal sealed class FeatureMeasurements
{
    public static readonly FeatureOptimizer[] Iterated =
    [
        FeatureOptimizer.Diagonal, FeatureOptimizer.Kronecker, FeatureOptimizer.AdamLike,
        FeatureOptimizer.ShampooLike, FeatureOptimizer.MatrixSign,
    ];

    private readonly RandomFeaturesConfig _config;
    private readonly FeatureSpectrum[,,] _spectra;
    private readonly Dictionary<FeatureOptimizer, double[][]?[,,]> _iterated;

    private FeatureMeasurements(RandomFeaturesConfig config, int sketches)
    {
        _config = config;
        Sketches = sketches;
        _spectra = new FeatureSpectrum[config.SpectralIndices.Count, config.Sizes.Count, sketches];
        _iterated = Iterated.ToDictionary(o => o,
            _ => new double[][]?[config.SpectralIndices.Count, config.Sizes.Count, sketches]);
    }

    public int Sketches { get; }

    /// <summary>Runs the expensive part.</summary>
    /// <param name="draw">Draws a sketch of a size: dense or sparse.</param>
    /// <param name="iterated">For how many of them the iterated optimizers run.</param>
    /// <param name="counter">Told after each (size, sketch).</param>
    public static FeatureMeasurements Run(
        RandomFeaturesConfig config,
        Func<RandomFeaturesConfig, int, int, double[]> draw,
        int sketches,
        int iterated,
        string stage,
        LabProgressCounter counter,
        CancellationToken cancellation)
    {
        var result = new FeatureMeasurements(config, sketches);
        // The largest first, so that the last piece of work is a small one.
        var pieces = Enumerable.Range(0, config.Sizes.Count).Reverse()
            .SelectMany(size => Enumerable.Range(0, sketches).Select(sketch => (size, sketch))).ToArray();
        var next = -1;
        new LabParallel(cancellation).For(pieces.Length, _ =>
        {
            var (size, sketch) = pieces[Interlocked.Increment(ref next)];
            using var oneThread = LinearAlgebra.EnterOneThread();
            var weights = draw(config, config.Sizes[size], sketch);
            var targets = RandomFeatures.Sketches.Targets(config, sketch);
            for (var s = 0; s < config.SpectralIndices.Count; s++)
            {
                cancellation.ThrowIfCancellationRequested();
                result.Measure(weights, targets, s, size, sketch, sketch < iterated);
            }
            counter.Advance($"{stage}: N = {config.Sizes[size]}");
        });
        return result;
    }

    public FeatureSpectrum Spectrum(int s, int size, int sketch) => _spectra[s, size, sketch];

    /// <summary>Losses of an optimizer that is exact in the eigenbasis.</summary>
    public LossCube Exact(FeatureOptimizer optimizer, int s, int steps, double damping)
        => new(_config.Sizes, [.. Enumerable.Range(0, _config.Sizes.Count).Select(size => Enumerable.Range(0, Sketches)
            .Select(sketch => _spectra[s, size, sketch].Losses(optimizer, damping, LearningRates.Linear, steps))
            .ToArray())]);

    /// <summary>Losses of an iterated optimizer, over the sketches and targets that it ran on.</summary>
    public LossCube FromIteration(FeatureOptimizer optimizer, int s)
        => new(_config.Sizes, [.. Enumerable.Range(0, _config.Sizes.Count).Select(size => Enumerable.Range(0, Sketches)
            .Select(sketch => _iterated[optimizer][s, size, sketch]).OfType<double[][]>().ToArray())]);

    private void Measure(double[] weights, double[] targets, int s, int size, int sketch, bool iterate)
    {
        using var problem =
            FeatureProblem.Create(weights, _config.Sizes[size], targets, _config.Targets, _config.SpectralIndices[s]);
        _spectra[s, size, sketch] = problem.Decompose();
        if (!iterate) return;
        foreach (var optimizer in Iterated)
        {
            using var runner = new IteratedOptimizer(problem, optimizer, _config.Damping);
            var linear = IteratedOptimizer.IsLinear(optimizer);
            _iterated[optimizer][s, size, sketch] = runner.Losses(
                linear ? LearningRates.Linear : LearningRates.Scaled,
                linear ? LearningRates.Constant : LearningRates.Decays,
                _config.Steps,
                _config.IteratedTargets);
        }
    }
}
