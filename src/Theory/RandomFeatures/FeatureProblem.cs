using static TorchSharp.torch;

namespace PretrainBench.Theory.RandomFeatures;

/// <summary>One population problem: features φ = Wx, x_k ~ N(0, k^−s), target ⟨w, x⟩, loss (Wᵀθ − w)ᵀΛ(Wᵀθ − w) = w'Λw
/// − 2bᵀθ + θᵀHθ with H = WΛWᵀ and b = WΛw.</summary>
internal sealed class FeatureProblem : IDisposable
{
    private FeatureProblem(Tensor hessian, Tensor slopes, double[] targetVariances)
        => (Hessian, Slopes, TargetVariances) = (hessian, slopes, targetVariances);

    /// <summary>H [N, N].</summary>
    public Tensor Hessian { get; }

    /// <summary>b for each target [N, targets].</summary>
    public Tensor Slopes { get; }

    /// <summary>wᵀΛw for each target: the loss at θ = 0.</summary>
    public double[] TargetVariances { get; }

    public int Size => (int)Hessian.shape[0];

    public int TargetCount => TargetVariances.Length;

    /// <summary>Builds the problem.</summary>
    /// <param name="sketch">W, row by row [N, M].</param>
    /// <param name="targets">w, one row each [targets, M].</param>
    public static FeatureProblem Create(ReadOnlySpan<double> sketch, int size, ReadOnlySpan<double> targets,
        int targetCount, double spectralIndex)
    {
        var latents = sketch.Length / size;
        using var scope = NewDisposeScope();
        var roots = new double[latents];
        for (var k = 0; k < latents; k++) roots[k] = Math.Pow(k + 1, -spectralIndex / 2);
        var root = LinearAlgebra.Matrix(roots, 1, latents);
        var features = LinearAlgebra.Matrix(sketch, size, latents).mul_(root);
        var weights = LinearAlgebra.Matrix(targets, targetCount, latents).mul_(root);
        var hessian = features.mm(features.t()).MoveToOuterDisposeScope();
        var slopes = features.mm(weights.t()).MoveToOuterDisposeScope();
        var variances = LinearAlgebra.Values(weights.mul(weights).sum(1));
        return new FeatureProblem(hessian, slopes, variances);
    }

    /// <summary>Decomposes H: what the linear optimizers need, at any number of steps.</summary>
    public FeatureSpectrum Decompose()
    {
        var (eigenvalues, projections) = LinearAlgebra.EigenProjections(Hessian, Slopes);
        var energies = new double[TargetCount][];
        var irreducible = new double[TargetCount];
        for (var target = 0; target < TargetCount; target++)
        {
            energies[target] = new double[Size];
            for (var i = 0; i < Size; i++)
            {
                var projection = projections[i * TargetCount + target];
                energies[target][i] = projection * projection / eigenvalues[i];
            }
            irreducible[target] = Math.Max(0, TargetVariances[target] - energies[target].Sum());
        }
        return new FeatureSpectrum(eigenvalues, energies, irreducible);
    }

    public void Dispose()
    {
        Hessian.Dispose();
        Slopes.Dispose();
    }
}
