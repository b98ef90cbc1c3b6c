using System.Numerics;

namespace PretrainBench.Theory.Phases;

/// <summary>What one-pass SGD on a sampled sketch W depends on, exactly: the eigenvalues of WᵀDW and how much of the
/// target each holds. (features, target) are jointly Gaussian, so in the eigenbasis a sample is d independent normals
/// and one for the noise.</summary>
/// <param name="Eigenvalues">λ_i of K = WᵀDW, rising.</param>
/// <param name="TargetEnergies">ρ_i: the loss that direction i holds at θ = 0.</param>
/// <param name="IrreducibleLoss">What no θ ∈ R^d can reach: the variance of the target given the features.</param>
internal sealed record SketchSpectrum(double[] Eigenvalues, double[] TargetEnergies, double IrreducibleLoss)
{
    public int Width => Eigenvalues.Length;

    /// <summary>Draws a sketch and reduces it: O(v d²) once; every later step costs O(d).</summary>
    /// <param name="features">v, at least d.</param>
    public static SketchSpectrum Draw(PowerLawPoint point, int width, int features, ulong seed, int index = 0)
        => Of(SketchGram.Draw(point, width, features, seed, index));

    /// <summary>From K, WᵀDb and the target's variance: ρ_i = ⟨q_i, WᵀDb⟩²/λ_i.</summary>
    internal static SketchSpectrum Of(SketchGram gram)
    {
        using var oneThread = LinearAlgebra.EnterOneThread();
        using var matrix = LinearAlgebra.Matrix(gram.Covariance, gram.Width, gram.Width);
        using var slopes = LinearAlgebra.Matrix(gram.Slopes, gram.Width, 1);
        var (eigenvalues, projections) = LinearAlgebra.EigenProjections(matrix, slopes);
        var energies = Array.ConvertAll(projections, p => p * p);
        for (var i = 0; i < energies.Length; i++) energies[i] /= eigenvalues[i];
        return new SketchSpectrum(eigenvalues, energies, Math.Max(0, gram.TargetVariance - energies.Sum()));
    }
}

/// <summary>The resolvent of a sampled sketch; the part of the target outside the features sits at eigenvalue
/// 0.</summary>
internal sealed class SampledResolvent(SketchSpectrum spectrum) : IResolvent
{
    public (Complex Forcing, Complex Kernel) At(Complex z)
    {
        var forcing = -spectrum.IrreducibleLoss / z;
        var kernel = Complex.Zero;
        for (var i = 0; i < spectrum.Width; i++)
        {
            var eigenvalue = spectrum.Eigenvalues[i];
            var resolvent = 1 / (eigenvalue - z);
            forcing += spectrum.TargetEnergies[i] * resolvent;
            kernel += eigenvalue * eigenvalue * resolvent;
        }
        return (forcing, kernel);
    }
}
