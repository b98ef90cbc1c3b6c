namespace PretrainBench.Theory.Phases;

/// <summary>The mean loss of one-pass SGD in the deterministic limit of the sketch, at any width and step.</summary>
public static class DeterministicLoss
{
    /// <summary>The first step at which the limit is computed; before it the inverse transform does not hold.</summary>
    public const double FirstStep = VolterraTransform.FirstStep;

    /// <summary>P(r) at rising steps; infinite where SGD diverges at this width (steep spectra at small d).</summary>
    /// <param name="point">(α, β).</param>
    /// <param name="width">d, real: the deterministic equivalent does not care that a width is whole.</param>
    /// <param name="featureRatio">v/d.</param>
    /// <param name="stepScale">γ Σ_j j^−2α.</param>
    /// <param name="batch">B.</param>
    /// <param name="steps">r, rising, each at least <see cref="FirstStep"/>.</param>
    public static double[] At(
        PowerLawPoint point, double width, double featureRatio, double stepScale, int batch, ReadOnlySpan<double> steps)
    {
        var features = featureRatio * width;
        var spectrum = new PowerLawSpectrum(point, features);
        var gamma = stepScale / spectrum.TraceOfCovariance;
        if (VolterraTransform.KernelNorm(new DeterministicResolvent(spectrum, width), gamma, batch) >= 1)
            return [.. steps.ToArray().Select(_ => double.PositiveInfinity)];
        var transform = new VolterraTransform(() => new DeterministicResolvent(spectrum, width), gamma, batch);
        var losses = new double[steps.Length];
        for (var i = 0; i < losses.Length; i++) losses[i] = transform.Loss(steps[i]);
        return losses;
    }
}
