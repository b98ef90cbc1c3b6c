using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using PretrainBench.Core;

namespace PretrainBench.Theory.Phases;

/// <summary>One-pass stochastic descent on a sampled sketch, by the exact Gaussian reduction: in the eigenbasis of K a
/// sample's features are √λ_i z_i with independent normals, and the residual is Σ z_i e_i − √irreducible ε. One step
/// costs O(B d). Normals are drawn in single precision, everything else is double.</summary>
internal sealed class OnePassSimulation
{
    private readonly int _batch;
    private readonly double _irreducible;
    private readonly NormalSource _source;
    private readonly float[] _normals;
    private readonly double[] _rates;
    private readonly double[] _errors;
    private readonly double[] _gradient;
    private readonly double[] _momenta;
    private readonly float[] _noise = new float[256];
    private int _noiseAt = 256;

    /// <summary>Starts at θ = 0.</summary>
    /// <param name="run">Which run of that seed: fixes the samples.</param>
    public OnePassSimulation(SketchSpectrum spectrum, int batch, ulong seed, int run)
    {
        var padded = (spectrum.Width + 31) / 32 * 32;
        (_batch, _irreducible) = (batch, spectrum.IrreducibleLoss);
        _source = new NormalSource(seed, "phases:samples", run);
        _normals = new float[padded];
        _rates = new double[padded];
        _errors = new double[padded];
        _gradient = new double[padded];
        _momenta = new double[padded];
        spectrum.Eigenvalues.CopyTo(_rates, 0);
        for (var i = 0; i < spectrum.Width; i++) _errors[i] = Math.Sqrt(spectrum.TargetEnergies[i]);
        Loss = _irreducible + spectrum.TargetEnergies.Sum();
    }

    /// <summary>P at the current θ: the population's loss, not the batch's.</summary>
    public double Loss { get; private set; }

    public long StepCount { get; private set; }

    /// <summary>One step of plain SGD, without the momentum's memory traffic.</summary>
    public void StepSgd(double gamma)
    {
        for (var sample = 0; sample < _batch; sample++) Accumulate(first: sample == 0);
        var errors = MemoryMarshal.Cast<double, Vector512<double>>(_errors.AsSpan());
        var gradient = MemoryMarshal.Cast<double, Vector512<double>>(_gradient.AsSpan());
        var rates = MemoryMarshal.Cast<double, Vector512<double>>(_rates.AsSpan());
        var sum = Vector512<double>.Zero;
        for (var i = 0; i < errors.Length; i++)
        {
            errors[i] -= gamma * rates[i] * gradient[i];
            sum += errors[i] * errors[i];
        }
        Finish(sum);
    }

    public void Step(MomentumRule rule)
    {
        for (var sample = 0; sample < _batch; sample++) Accumulate(first: sample == 0);
        double keep = 1 - rule.Forgetting(StepCount), third = rule.MomentumStep(StepCount);
        var errors = MemoryMarshal.Cast<double, Vector512<double>>(_errors.AsSpan());
        var gradient = MemoryMarshal.Cast<double, Vector512<double>>(_gradient.AsSpan());
        var momenta = MemoryMarshal.Cast<double, Vector512<double>>(_momenta.AsSpan());
        var rates = MemoryMarshal.Cast<double, Vector512<double>>(_rates.AsSpan());
        var sum = Vector512<double>.Zero;
        for (var i = 0; i < errors.Length; i++)
        {
            var step = rates[i] * gradient[i];
            momenta[i] = keep * momenta[i] + step;
            errors[i] -= rule.GradientStep * step + third * momenta[i];
            sum += errors[i] * errors[i];
        }
        Finish(sum);
    }

    // Draws one sample and adds z · residual to the gradient; the factor λ_i is put on by the step.
    private void Accumulate(bool first)
    {
        _source.Fill(_normals);
        var normals = MemoryMarshal.Cast<float, Vector256<float>>(_normals.AsSpan());
        var errors = MemoryMarshal.Cast<double, Vector512<double>>(_errors.AsSpan());
        var gradient = MemoryMarshal.Cast<double, Vector512<double>>(_gradient.AsSpan());
        var sum = Vector512<double>.Zero;
        for (var i = 0; i < errors.Length; i++) sum += Widen(normals[i]) * errors[i];
        var residual = Vector512.Sum(sum) - Math.Sqrt(_irreducible) * NextNoise();
        for (var i = 0; i < errors.Length; i++)
        {
            var term = Widen(normals[i]) * residual;
            gradient[i] = first ? term : gradient[i] + term;
        }
    }

    private static Vector512<double> Widen(Vector256<float> values)
    {
        var (low, high) = Vector256.Widen(values);
        return Vector512.Create(low, high);
    }

    private void Finish(Vector512<double> sum)
    {
        Loss = _irreducible + Vector512.Sum(sum);
        StepCount++;
    }

    private double NextNoise()
    {
        if (_noiseAt == _noise.Length)
        {
            _source.Fill(_noise);
            _noiseAt = 0;
        }
        return _noise[_noiseAt++];
    }
}
