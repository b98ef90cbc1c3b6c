using PretrainBench.Core.Configuration;

namespace PretrainBench.Theory.Phases;

/// <summary>SGD on top of the Volterra solution of the same W, averaged over log-spaced bins of steps.</summary>
/// <param name="Bins">One row per bin.</param>
/// <param name="MedianGap">Median over bins of |SGD/Volterra − 1|.</param>
/// <param name="RmsGap">Root mean square of the same.</param>
public sealed record SgdComparison(int Width, IReadOnlyList<SgdBin> Bins, double MedianGap, double RmsGap)
{
    /// <summary>Runs SGD and its exact mean on one sketch.</summary>
    /// <param name="config">Point, step scale, runs and bins.</param>
    /// <param name="seed">Fixes W and every sample.</param>
    public static SgdComparison Of(SgdConfig config, int width, double featureRatio, int batch, ulong seed,
        CancellationToken cancellation = default)
    {
        var features = (int)Math.Round(featureRatio * width);
        var spectrum = SketchSpectrum.Draw(config.Point, width, features, seed);
        var gamma = StepSize.Of(config.Point, features, config.StepScale);
        double[] Averages(Action advance, Func<double> loss)
            => LogBins.Averages(config.FirstStep, config.LastStep, config.BinsPerDecade, advance, loss, cancellation);

        var runs = new double[config.Runs + 1][];
        new LabParallel(cancellation).For(config.Runs + 1, i =>
        {
            if (i < config.Runs)
            {
                var simulation = new OnePassSimulation(spectrum, batch, seed, i);
                runs[i] = Averages(() => simulation.StepSgd(gamma), () => simulation.Loss);
            }
            else
            {
                var (mean, rule) = (new MeanRecursion(spectrum, batch), MomentumRule.Sgd(gamma));
                runs[i] = Averages(() => mean.Step(rule), () => mean.Loss);
            }
        });

        var middles = new LogBins(config.FirstStep, config.LastStep, config.BinsPerDecade);
        SgdBin[] bins = [.. Enumerable.Range(0, middles.Count)
            .Select(bin => new SgdBin(middles.Middle(bin), runs[..^1].Average(run => run[bin]), runs[^1][bin]))
            .Where(bin => !double.IsNaN(bin.Volterra))];
        double[] gaps = [.. bins.Select(bin => Math.Abs(bin.Sgd / bin.Volterra - 1)).Order()];
        return new SgdComparison(width, bins, gaps[gaps.Length / 2], Math.Sqrt(gaps.Average(gap => gap * gap)));
    }
}

/// <summary>One bin.</summary>
/// <param name="Sgd">Mean loss over the bin's steps and the runs.</param>
/// <param name="Volterra">The exact mean given W, over the same steps.</param>
public sealed record SgdBin(double Steps, double Sgd, double Volterra);

/// <summary>SGD runs on a sampled sketch.</summary>
public sealed record SgdConfig : IValidated
{
    /// <summary>Default of <see cref="StepScale"/>.</summary>
    public const double DefaultStepScale = 0.75;

    /// <summary>(α, β).</summary>
    public PowerLawPoint Point { get; init; } = new(.75, .25);

    /// <summary>γ Σ_j j^−2α; where α ≥ 1 the variance over runs is infinite at .75 (use .4).</summary>
    public double StepScale { get; init; } = DefaultStepScale;

    public IReadOnlyList<int> Widths { get; init; } = [400, 1600];

    public int FirstStep { get; init; } = 1000;

    public int LastStep { get; init; } = 300_000;

    public int BinsPerDecade { get; init; } = 20;

    public int Runs { get; init; } = 5;

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Point.Problem() is { } outside) yield return (nameof(Point), outside);
        if (Widths.Any(d => d < 2)) yield return (nameof(Widths), "each d must be at least 2");
        if (FirstStep < 1 || LastStep < 1)
            yield return (nameof(LastStep), "T = 0 trains nothing; steps must be at least 1");
        else if (LastStep < 2 * FirstStep)
            yield return (nameof(LastStep), $"{LastStep} must be at least twice first_step = {FirstStep}");
        if (BinsPerDecade < 1) yield return (nameof(BinsPerDecade), "at least one is needed");
        if (Runs < 1) yield return (nameof(Runs), "at least one is needed");
    }

    /// <summary>What only the whole configuration can tell: whether the step size is stable at every width.</summary>
    internal IEnumerable<(string Property, string Problem)> StepProblems(double featureRatio, int batch)
    {
        if (Point.Problem() is not null) yield break;
        foreach (var width in Widths)
        {
            if (StepSize.Problem(Point, featureRatio * width, StepScale, batch) is { } diverges)
                yield return (nameof(StepScale), diverges);
            else if (StepSize.Of(Point, featureRatio * width, StepScale) >= StepSize.FourthMomentLimit)
                yield return (nameof(StepScale),
                    $"γλ_1 ≥ {StepSize.FourthMomentLimit}: the loss has infinite variance over runs, so no average "
                    + $"of runs settles at α = {Point.Alpha}; use .4 or less.");
        }
    }
}
