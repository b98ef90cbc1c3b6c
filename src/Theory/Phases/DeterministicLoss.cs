using System.Numerics;

namespace PretrainBench.Theory.Phases;

/// <summary>The mean loss of one-pass SGD in the deterministic limit of the sketch, at any width and step.</summary>
internal static class DeterministicLoss
{
    /// <summary>The first step at which the limit is computed; before it the inverse transform does not hold.</summary>
    public const double FirstStep = VolterraTransform.FirstStep;

    /// <summary>P(r) at rising steps; infinite where SGD diverges at this width (steep spectra at small d).</summary>
    /// <param name="width">d, real: the deterministic equivalent does not care that a width is whole.</param>
    /// <param name="stepScale">γ Σ_j j^−2α.</param>
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

/// <summary>The deterministic equivalent R(z) → diag(1/(λ_j m(z) − z)), m + (1/d) Σ λ_j m/(λ_j m − z) = 1 (arXiv
/// 2405.15074). Solved for the companion transform s = −m/z, that is 1 + zs = (1/d) Σ λ_j s/(1 + λ_j s) (Silverstein's
/// equation): in each open half plane it has exactly one root with Im s of the sign of Im z, so a wrong root of
/// Newton's method is recognised. Newton continues from the last z in steps of ratio at most 1.25, the first time from
/// m = 1 far up the imaginary axis.</summary>
internal sealed class DeterministicResolvent(PowerLawSpectrum spectrum, double width) : IResolvent
{
    private const double LargestLogStep = 0.22314355131420976; // log 1.25
    private const double FarAway = 1e4;
    private const int MostNewtonSteps = 40;
    private const int MostHalvings = 24;

    private Complex _z;
    private Complex _s;
    private bool _started;

    public (Complex Forcing, Complex Kernel) At(Complex z)
    {
        if (!_started) Start(z);
        Continue(z);
        var (first, _) = spectrum.ResolventSums(_s);
        // ⟨R, u⊗u⟩ = Σ c/(λm − z) = −(1/z) Σ c/(1+λs);  z² Tr R = d z (1 − m) + entire = z s Σ λ/(1+λs) + entire.
        return (-spectrum.TargetSum(_s) / z, z * _s * first);
    }

    private void Start(Complex z)
    {
        var far = FarAway * Math.Max(Complex.Abs(z), spectrum.TraceOfCovariance);
        _z = new Complex(0, z.Imaginary < 0 ? -far : far);
        _s = -1 / _z;
        _started = true;
    }

    private void Continue(Complex target)
    {
        var from = _z;
        var distance = Complex.Log(target / from);
        var steps = Math.Max(1, (int)Math.Ceiling(Complex.Abs(distance) / LargestLogStep));
        for (var step = 1; step <= steps; step++)
            StepTo(step == steps ? target : from * Complex.Exp(distance * ((double)step / steps)), 0);
    }

    private void StepTo(Complex z, int halvings)
    {
        if (TryNewton(z, _s, out var root))
        {
            (_z, _s) = (z, root);
            return;
        }
        if (halvings == MostHalvings)
            throw new InvalidOperationException(
                $"The deterministic equivalent has no root of the right sign near z = {z}.");
        StepTo(_z * Complex.Sqrt(z / _z), halvings + 1);
        StepTo(z, halvings + 1);
    }

    private bool TryNewton(Complex z, Complex start, out Complex s)
    {
        s = start;
        for (var iteration = 0; iteration < MostNewtonSteps; iteration++)
        {
            var (first, second) = spectrum.ResolventSums(s);
            var change = (1 + z * s - s * first / width) / (z - second / width);
            s -= change;
            if (Complex.Abs(change) <= 1e-12 * Complex.Abs(s)) return IsTheRoot(z, s);
        }
        return false;
    }

    private static bool IsTheRoot(Complex z, Complex s)
        // So close to the real axis, outside the spectrum, rounding may decide the sign of Im s; there is no second
        // root near it.
        => Math.Abs(z.Imaginary) < 1e-9 * Complex.Abs(z) ? z.Real * s.Real < 0 : s.Imaginary * z.Imaginary > 0;
}
