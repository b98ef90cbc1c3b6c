using MathNet.Numerics;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Theory.Phases;

/// <summary>One-pass SGD on power-law random features: compute-optimal exponents in every phase, and each approximation
/// on the way against the exact thing that it replaces (Paquette, Paquette, Xiao, Pennington, arXiv
/// 2405.15074).</summary>
public static class PhasesLab
{
    private const double WindowDecades = 3;

    /// <summary>Runs the lab. Equal configurations give equal results on any number of threads.</summary>
    /// <param name="progress">Told after each point, comparison and curve; may be null.</param>
    /// <exception cref="UserException">The configuration cannot be used; the message says which condition
    /// failed.</exception>
    public static PhasesResult Run(PhasesConfig config, IProgress<LabProgress>? progress = null,
        CancellationToken cancellation = default)
    {
        config.ThrowIfInvalid("theory phases", config.Sgd, config.Further);
        if (config.Full) config = Lengthen(config);
        var counter = new LabProgressCounter(progress, config.Points.Count + config.Sgd.Widths.Count + 2);
        var points = new List<PhasePointResult>();
        foreach (var point in config.Points)
        {
            points.Add(Measure(config, point, cancellation));
            counter.Advance($"exponents at ({point.Alpha}, {point.Beta})");
        }
        var check = DeterministicCheck.Of(
            config.Sgd.Point, config.CheckWidth, config.FeatureRatio, config.Sgd.StepScale, config.Batch,
            config.CheckSketches, config.Seed, cancellation);
        counter.Advance("deterministic limit against sampled sketches");
        var comparisons = new List<SgdComparison>();
        foreach (var width in config.Sgd.Widths)
        {
            comparisons.Add(
                SgdComparison.Of(config.Sgd, width, config.FeatureRatio, config.Batch, config.Seed, cancellation));
            counter.Advance($"SGD at d = {width}");
        }
        var curves =
            FurtherOptimizers.Curves(config.Further, config.FeatureRatio, config.Batch, config.Seed, cancellation);
        counter.Advance("momentum, DANA and sign SGD");
        return new PhasesResult(config, points, check, comparisons, curves);
    }

    private static PhasesConfig Lengthen(PhasesConfig config) => config with
    {
        Sgd = config.Sgd with { LastStep = Math.Max(config.Sgd.LastStep, 1_000_000) },
        Further = config.Further with { LastStep = Math.Max(config.Further.LastStep, 10_000_000) },
    };

    private static PhasePointResult Measure(PhasesConfig config, PowerLawPoint point, CancellationToken cancellation)
    {
        var count = (int)Math.Round(Math.Log10(config.LastFlops / config.SmallestFlops) * config.BudgetsPerDecade) + 1;
        var flops = Generate.LogSpaced(count, Math.Log10(config.SmallestFlops), Math.Log10(config.LastFlops));
        var slices = IsoFlop.Slices(point, flops, config.FeatureRatio, config.StepScale, config.Batch, cancellation);
        var headline = MeasuredPhaseExponents.Fit(point, slices, config.FirstFlops, config.LastFlops);
        var windows = new List<MeasuredPhaseExponents>();
        for (var first = config.SmallestFlops; first * Math.Pow(10, WindowDecades) <= config.LastFlops
                * 1.001; first *= 10)
            windows.Add(MeasuredPhaseExponents.Fit(point, slices, first, first * Math.Pow(10, WindowDecades)));
        return new PhasePointResult(headline, windows, slices);
    }
}
