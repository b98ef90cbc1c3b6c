using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Theory.Phases;

/// <summary>A point of an optimizer's curve: mean loss after so many one-sample steps.</summary>
/// <param name="Loss">Exact mean given W; for sign SGD the mean of three simulated runs, at the best step size.</param>
public sealed record OptimizerCurvePoint(string Optimizer, double Steps, double Loss);

/// <summary>Runs the further optimizers.</summary>
internal static class FurtherOptimizers
{
    private const int SignRuns = 3;
    private const double PointRatio = 1.2;

    public static IReadOnlyList<OptimizerCurvePoint> Curves(
        FurtherOptimizersConfig config, double featureRatio, int batch, ulong seed, CancellationToken cancellation)
    {
        var features = (int)Math.Round(featureRatio * config.Width);
        var gram = SketchGram.Draw(config.Point, config.Width, features, seed, 0);
        var spectrum = SketchSpectrum.Of(gram);
        var gamma = StepSize.Of(config.Point, features, config.StepScale);
        MomentumRule[] rules =
        [
            MomentumRule.Sgd(gamma),
            MomentumRule.HeavyBall(gamma, config.Momentum),
            MomentumRule.DanaConstant(gamma, config.DanaShare, config.Width),
            MomentumRule.DanaDecaying(gamma, config.DanaShare, config.Point.Alpha),
        ];
        var curves = new List<OptimizerCurvePoint>[rules.Length + 1];
        new LabParallel(cancellation)
            .For(curves.Length, i => curves[i] = i == 0
                ? Sign(config, gram, seed, cancellation)
                : Mean(rules[i - 1], spectrum, batch, config.LastStep, cancellation));
        return [.. curves.SelectMany(curve => curve)];
    }

    private static List<OptimizerCurvePoint> Mean(
        MomentumRule rule, SketchSpectrum spectrum, int batch, int lastStep, CancellationToken cancellation)
    {
        var mean = new MeanRecursion(spectrum, batch);
        var points = new List<OptimizerCurvePoint>();
        for (double next = 1; mean.StepCount < lastStep;)
        {
            mean.Step(rule);
            if (mean.StepCount < next) continue;
            cancellation.ThrowIfCancellationRequested();
            points.Add(new OptimizerCurvePoint(rule.Name, mean.StepCount, mean.Loss));
            next = Math.Max(mean.StepCount + 1, mean.StepCount * PointRatio);
        }
        return points;
    }

    private static List<OptimizerCurvePoint> Sign(FurtherOptimizersConfig config, SketchGram gram, ulong seed,
        CancellationToken cancellation)
    {
        var simulation = new SignSgdSimulation(gram);
        return [.. config.SignHorizons.Select(
            steps => new OptimizerCurvePoint("sign-sgd", steps, config.SignSteps.Min(size =>
            Enumerable.Range(0, SignRuns).Average(run =>
                simulation.Train(size, steps, new NormalSource(seed, "phases:sign", run), cancellation)))))];
    }
}

/// <summary>Momentum, DANA and sign SGD on one sketch of the same model.</summary>
public sealed record FurtherOptimizersConfig : IValidated
{
    /// <summary>(α, β); the default lies in phase III, where SGD's noise is the limit and where DANA was published to
    /// gain.</summary>
    public PowerLawPoint Point { get; init; } = new(1, .75);

    public int Width { get; init; } = 200;

    /// <summary>γ Σ_j j^−2α of every rule.</summary>
    public double StepScale { get; init; } = 0.4;

    /// <summary>Heavy-ball momentum μ.</summary>
    public double Momentum { get; init; } = 0.9;

    /// <summary>DANA's γ₃ as a share of γ (over d, or times (1+t)^−1/(2α)).</summary>
    public double DanaShare { get; init; } = 0.25;

    public int LastStep { get; init; } = 300_000;

    /// <summary>Horizons of sign SGD, each a run of its own with the best of <see cref="SignSteps"/>.</summary>
    public IReadOnlyList<int> SignHorizons { get; init; } = [100, 300, 1000, 3000, 10_000, 30_000];

    /// <summary>Sign SGD's initial step sizes, of which each horizon takes the best.</summary>
    public IReadOnlyList<double> SignSteps { get; init; } = [1e-3, 3e-3, 1e-2, 3e-2, 1e-1];

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Point.Problem() is { } outside) yield return (nameof(Point), outside);
        if (Width < 2) yield return (nameof(Width), "must be at least 2");
        if (!(Momentum >= 0 && Momentum < 1)) yield return (nameof(Momentum), "must be from 0 to below 1");
        if (!(DanaShare > 0 && DanaShare <= 1)) yield return (nameof(DanaShare), "must be above 0 and at most 1");
        if (LastStep < 1 || SignHorizons.Any(t => t < 1))
            yield return (nameof(LastStep), "T = 0 trains nothing; steps must be at least 1");
        if (SignSteps.Any(size => !(size > 0))) yield return (nameof(SignSteps), "each must be above 0");
    }
}
