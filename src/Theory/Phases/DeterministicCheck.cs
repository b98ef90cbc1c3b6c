using MathNet.Numerics;

namespace PretrainBench.Theory.Phases;

/// <summary>The deterministic limit against the exact means of sampled sketches.</summary>
/// <param name="Sampled">Mean over sketches of the exact mean loss given W.</param>
/// <param name="StandardError">Its standard error over sketches.</param>
public sealed record DeterministicCheck(int Width, double Steps, double Sampled, double StandardError,
    double Deterministic)
{
    /// <summary>Compares at log-spaced steps.</summary>
    /// <param name="stepScale">γ Σ_j j^−2α.</param>
    public static IReadOnlyList<DeterministicCheck> Of(
        PowerLawPoint point, int width, double featureRatio, double stepScale, int batch, int sketches, ulong seed,
        CancellationToken cancellation = default)
    {
        var steps = Generate.LogSpaced(9, 2, 6);
        var features = (int)Math.Round(featureRatio * width);
        var gamma = StepSize.Of(point, features, stepScale);
        var sampled = new double[sketches][];
        new LabParallel(cancellation).For(sketches, i =>
        {
            var spectrum = SketchSpectrum.Draw(point, width, features, seed, i);
            var transform = new VolterraTransform(() => new SampledResolvent(spectrum), gamma, batch);
            sampled[i] = Array.ConvertAll(steps, transform.Loss);
        });
        var limit = DeterministicLoss.At(point, width, (double)features / width, stepScale, batch, steps);
        return [.. steps.Select((step, k) =>
        {
            var mean = sampled.Average(run => run[k]);
            var variance = sampled.Sum(run => (run[k] - mean) * (run[k] - mean)) / Math.Max(1, sketches - 1);
            return new DeterministicCheck(width, step, mean, Math.Sqrt(variance / sketches), limit[k]);
        })];
    }
}
