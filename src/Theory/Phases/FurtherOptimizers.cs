namespace PretrainBench.Theory.Phases;

/// <summary>A point of an optimizer's curve: mean loss after so many one-sample steps.</summary>
/// <param name="Optimizer">Name.</param>
/// <param name="Steps">Steps.</param>
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
        new LabParallel(cancellation).For(curves.Length, i => curves[i] = i == 0 ? Sign(config, gram, seed, cancellation) : Mean(rules[i - 1], spectrum, batch, config.LastStep, cancellation));
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

    private static List<OptimizerCurvePoint> Sign(FurtherOptimizersConfig config, SketchGram gram, ulong seed, CancellationToken cancellation)
    {
        var simulation = new SignSgdSimulation(gram);
        return [.. config.SignHorizons.Select(steps => new OptimizerCurvePoint("sign-sgd", steps, config.SignSteps.Min(size =>
            Enumerable.Range(0, SignRuns).Average(run =>
                simulation.Train(size, steps, new NormalSource(seed, "phases:sign", run), cancellation)))))];
    }
}
