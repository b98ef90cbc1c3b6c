namespace PretrainBench.Theory.Phases;

/// <summary>The step size γ of one-pass SGD with gradients summed over the batch, and whether it is stable.</summary>
internal static class StepSize
{
    /// <summary>γ = scale / Σ_{j ≤ v} j^−2α.</summary>
    /// <param name="features">v, real: sums beyond 128 terms are by quadrature.</param>
    /// <param name="scale">Usually .75; .4 where α ≥ 1 (see <see cref="FourthMomentLimit"/>).</param>
    public static double Of(PowerLawPoint point, double features, double scale)
        => scale / new PowerLawSpectrum(point, features).TraceOfCovariance;

    /// <summary>With γλ_1 at or above this, E(1 − γλ_1 z²)⁴ ≥ 1: the variance of SGD's loss over runs is infinite,
    /// although its mean is finite.</summary>
    public const double FourthMomentLimit = 0.383;

    /// <summary>The kernel's norm ‖K‖ = (γ/2) Σ λ / (1 − γ(B+1)λ/2) for eigenvalues j^−2α, j ≤ v; the mean loss stays
    /// bounded below 1. Infinite when γ(B+1)λ_1 ≥ 2.</summary>
    public static double KernelNorm(PowerLawPoint point, double features, double gamma, int batch)
        => gamma * (batch + 1) >= 2
            ? double.PositiveInfinity
            : gamma / 2 * new PowerLawSpectrum(point, features)
                .Sum(eigenvalue => eigenvalue / (1 - gamma * (batch + 1) * eigenvalue / 2));

    /// <summary>Why the step size diverges, or null when it does not.</summary>
    public static string? Problem(PowerLawPoint point, double features, double scale, int batch)
    {
        if (!(scale > 0)) return $"step scale {scale}: must be above 0.";
        var gamma = Of(point, features, scale);
        var norm = KernelNorm(point, features, gamma, batch);
        if (norm < 1) return null;
        var why = double.IsInfinity(norm)
            ? $"γ(B+1)λ_1 = {gamma * (batch + 1):0.###} ≥ 2"
            : $"the kernel's norm is {norm:0.###} ≥ 1";
        return $"(α, β) = ({point.Alpha}, {point.Beta}): step scale {scale} with batch {batch} diverges "
            + $"({why}); lower the scale or the batch.";
    }
}
