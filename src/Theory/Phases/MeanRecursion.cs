using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PretrainBench.Theory.Phases;

/// <summary>The mean loss given W, step by step and exact, O(d) per step: the Volterra equation in its recursive form.
/// With e_i the error of direction i in units of the loss (Σ e_i² + irreducible = P) and Gaussian data, E[g_i | e] =
/// Bλ_i e_i and E[g_i²| e] = λ_i² (B(B+1) e_i² + B P), so E e_i², E e_i y_i, E y_i² close. For SGD this is E e_i² ← (1
/// − 2γBλ_i + γ²B(B+1)λ_i²) E e_i² + γ²Bλ_i² P, whose sum over i is the Volterra equation.</summary>
internal sealed class MeanRecursion
{
    private readonly int _batch;
    private readonly double _irreducible;
    private readonly double[] _rates;
    private readonly double[] _errors;
    private readonly double[] _cross;
    private readonly double[] _momenta;

    /// <summary>Starts at θ = 0.</summary>
    public MeanRecursion(SketchSpectrum spectrum, int batch)
    {
        // Padded with zeros to whole vectors: a direction of eigenvalue 0 that holds nothing stays at 0.
        var padded = (spectrum.Width + 7) / 8 * 8;
        (_batch, _irreducible) = (batch, spectrum.IrreducibleLoss);
        _rates = new double[padded];
        _errors = new double[padded];
        _cross = new double[padded];
        _momenta = new double[padded];
        spectrum.Eigenvalues.CopyTo(_rates, 0);
        spectrum.TargetEnergies.CopyTo(_errors, 0);
        Loss = _irreducible + _errors.Sum();
    }

    /// <summary>E P now.</summary>
    public double Loss { get; private set; }

    public long StepCount { get; private set; }

    public void Step(MomentumRule rule)
    {
        double keep = 1 - rule.Forgetting(StepCount), third = rule.MomentumStep(StepCount);
        // y' = keep y + g; e' = e − pull y − push g.
        double pull = third * keep, push = rule.GradientStep + third, noise = _batch * Loss,
            curvature = _batch * (_batch + 1.0);
        var rates = MemoryMarshal.Cast<double, Vector512<double>>(_rates.AsSpan());
        var errors = MemoryMarshal.Cast<double, Vector512<double>>(_errors.AsSpan());
        var cross = MemoryMarshal.Cast<double, Vector512<double>>(_cross.AsSpan());
        var momenta = MemoryMarshal.Cast<double, Vector512<double>>(_momenta.AsSpan());
        var sum = Vector512<double>.Zero;
        for (var i = 0; i < rates.Length; i++)
        {
            var rate = rates[i];
            var (a, c, y) = (errors[i], cross[i], momenta[i]);
            var drift = rate * _batch;
            var square = rate * rate * (a * curvature + Vector512.Create(noise));
            errors[i] = a + pull * pull * y + push * push * square - 2 * pull * c + 2 * push * drift * (pull * c - a);
            cross[i] = keep * (c - pull * y) + drift * (a - (pull + push * keep) * c) - push * square;
            momenta[i] = keep * keep * y + 2 * keep * drift * c + square;
            sum += errors[i];
        }
        Loss = _irreducible + Vector512.Sum(sum);
        StepCount++;
    }
}
