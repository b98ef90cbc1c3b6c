using PretrainBench.Torch;
using static TorchSharp.torch;

namespace PretrainBench.Theory.RandomFeatures;

/// <summary>Functions of symmetric matrices by their eigendecomposition, batched.</summary>
internal static class MatrixPower
{
    // Eigenvalues below this share of the largest count as zero: their directions hold rounding only.
    private const double Negligible = 1e-13;

    private const int PowerIterations = 60;

    /// <summary>A^−p on the range of A, for each matrix of the batch [R, n, n].</summary>
    public static Tensor InversePower(Tensor symmetric_Rnn, double power)
    {
        // Held while they are read: other threads collect garbage meanwhile (see CollectionPause).
        using TorchSharp.Scalar negligible = Negligible, least = 1e-300, exponent = -power;
        var (values_Rn, vectors_Rnn) = linalg.eigh(symmetric_Rnn);
        var largest_R1 = values_Rn.amax([-1], keepdim: true);
        var kept = values_Rn.gt(largest_R1.mul(negligible));
        var powers_Rn = where(kept, values_Rn.clamp_min(least).pow(exponent), zeros_like(values_Rn));
        return vectors_Rnn.mul(powers_Rn.unsqueeze(-2)).matmul(vectors_Rnn.transpose(-2, -1));
    }

    /// <summary>UVᵀ of G = USVᵀ, as (GGᵀ)^−½ G on the range of G; rows ≤ columns, [R, r, c].</summary>
    public static Tensor PolarFactor(Tensor matrix_Rrc)
        => InversePower(matrix_Rrc.matmul(matrix_Rrc.transpose(1, 2)), 0.5).matmul(matrix_Rrc);

    /// <summary>(H + damping λ_max I)^−1.</summary>
    public static Tensor DampedInverse(Tensor hessian, double damping)
    {
        using TorchSharp.Scalar share = damping;
        var (values, vectors) = linalg.eigh(hessian);
        var inverse = values.add(values.max().mul(share)).reciprocal();
        return vectors.mul(inverse).mm(vectors.t());
    }

    /// <summary>(L ⊗ R)^−½ with the Kronecker factors of H seen as [rows·columns, rows·columns]: L_ab = Σ_j H_aj,bj /
    /// √tr H, R likewise.</summary>
    public static Tensor KroneckerInverseRoot(Tensor hessian, long rows, long columns)
    {
        var blocks = hessian.reshape(rows, columns, rows, columns);
        var left = blocks.diagonal(0, 1, 3).sum(-1);
        var right = blocks.diagonal(0, 0, 2).sum(-1);
        return kron(InversePower(left, 0.5), InversePower(right, 0.5)).mul_(hessian.trace().sqrt());
    }

    /// <summary>The largest eigenvalue of P·H (of H when P is null) by power iteration, raised by 1e-3 so as not to be
    /// below it.</summary>
    public static double LargestEigenvalue(Tensor? preconditioner, Tensor hessian)
    {
        var vector = ones(hessian.shape[0], 1, dtype: float64);
        double norm = 1;
        for (var i = 0; i < PowerIterations; i++)
        {
            var next = hessian.mm(vector);
            if (preconditioner is not null) next = preconditioner.mm(next);
            var length = next.norm();
            vector = next.div(length);
            norm = length.ReadNumber();
        }
        return norm * 1.001;
    }
}
