using System.Runtime.InteropServices;
using PretrainBench.Torch;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

/// <summary>Eigendecompositions of symmetric matrices and inverse roots from them, safe against failure.</summary>
internal static class MatrixRoots
{
    /// <summary>Eigenvalues in ascending order and eigenvectors in columns; NaN where the matrix is not finite, which
    /// stays on the device. A decomposition that fails is retried in float64 on the CPU.</summary>
    /// <param name="matrix_DD">A symmetric matrix, or a stack of them; unchanged.</param>
    /// <returns>Null when the retry fails too.</returns>
    public static (Tensor Values_D, Tensor Vectors_DD)? Eigen(Tensor matrix_DD)
    {
        // LAPACK is never shown what is not finite: some of it does not come back.
        var isBad = matrix_DD.isfinite().flatten(-2).all(-1).logical_not().unsqueeze(-1).unsqueeze(-1);
        var safe_DD = matrix_DD.masked_fill(isBad, 0);
        var eigen = TryEigen(safe_DD) ?? (TryEigen(safe_DD.to(ScalarType.Float64, CPU)) is not { } exact ? null
            : (exact.Values_D.to(matrix_DD.dtype, matrix_DD.device),
                exact.Vectors_DD.to(matrix_DD.dtype, matrix_DD.device)));
        return eigen is not { } found ? null : (found.Values_D, found.Vectors_DD.masked_fill_(isBad, double.NaN));
    }

    /// <summary>(A + εI)^(−p) by eigendecomposition. When the smallest eigenvalue is still below ε the spectrum is
    /// shifted so that its minimum is ε; |λ| is never taken (Shi et al., Distributed Shampoo, arXiv
    /// 2309.06497).</summary>
    /// <param name="matrix_DD">Symmetric, positive semi-definite up to rounding, or a stack of such.</param>
    /// <param name="epsilon">ε.</param>
    /// <returns>Null when the eigendecomposition fails; NaN where the matrix is not finite.</returns>
    public static Tensor? InverseRoot(Tensor matrix_DD, double exponent, double epsilon)
    {
        using var scope = NewDisposeScope();
        if (Eigen(WithDiagonal(matrix_DD, epsilon)) is not { } eigen) return null;
        var (values_D, vectors_DD) = eigen;
        var smallest = values_D.narrow(-1, 0, 1);
        values_D = where(smallest.lt(epsilon), values_D.sub(smallest).add_(epsilon), values_D);
        return vectors_DD.mul(values_D.pow(-exponent).unsqueeze(-2)).matmul(vectors_DD.mT).MoveToOuterDisposeScope();
    }

    /// <summary>(A + εI)^(−1/r) by the coupled inverse Newton iteration (Guo and Higham, 2006; Anil et al., arXiv
    /// 2002.09018): with z = (r+1)/(2‖A‖), X = z^(1/r)·I and M = zA, repeat T = (1+1/r)I − M/r, X ← XT, M ← TʳM until
    /// max|M−I| is small.</summary>
    /// <param name="matrix_DD">Symmetric, positive semi-definite up to rounding; those of a stack are taken one after
    /// the other.</param>
    /// <param name="root">r, a whole number.</param>
    /// <param name="epsilon">ε.</param>
    /// <param name="iterations">At most this many.</param>
    /// <param name="tolerance">When max|M−I| is small enough.</param>
    /// <returns>Null when the iteration does not stay finite.</returns>
    /// <remarks>When to stop is read from the device after every iteration, as in the reference code.</remarks>
    public static Tensor? InverseRootByNewton(Tensor matrix_DD, int root, double epsilon, int iterations,
        double tolerance)
    {
        using var scope = NewDisposeScope();
        if (matrix_DD.Dimensions > 2)
        {
            var roots = matrix_DD.unbind(0)
                .Select(each_DD => InverseRootByNewton(each_DD, root, epsilon, iterations, tolerance)
                    ?? full_like(each_DD, double.NaN));
            return stack(roots, 0).MoveToOuterDisposeScope();
        }
        var regular_DD = WithDiagonal(matrix_DD, epsilon);
        var z = (root + 1) / (2 * Norm(regular_DD));
        var x_DD =
            eye(matrix_DD.size(0), dtype: matrix_DD.dtype, device: matrix_DD.device).mul(Math.Pow(z, 1.0 / root));
        var m_DD = regular_DD.mul(z);
        var error = DistanceToIdentity(m_DD);
        for (var i = 0; i < iterations && error > tolerance; i++)
        {
            var t_DD = m_DD.mul(-1.0 / root);
            t_DD.diagonal().add_(1 + 1.0 / root);
            x_DD = x_DD.mm(t_DD);
            m_DD = t_DD.matrix_power(root).mm(m_DD);
            error = DistanceToIdentity(m_DD);
        }
        return double.IsFinite(error) ? x_DD.MoveToOuterDisposeScope() : null;
    }

    /// <summary>A symmetric matrix with ε added along the diagonal.</summary>
    internal static Tensor WithDiagonal(Tensor matrix_DD, double epsilon)
    {
        var regular_DD = matrix_DD.clone();
        regular_DD.diagonal(0, -2, -1).add_(epsilon);
        return regular_DD;
    }

    private static double DistanceToIdentity(Tensor matrix_DD)
        => WithDiagonal(matrix_DD, -1).abs().max().ReadNumber();

    private static double Norm(Tensor matrix_DD) => matrix_DD.norm().ReadNumber();

    private static (Tensor Values_D, Tensor Vectors_DD)? TryEigen(Tensor matrix_DD)
    {
        try
        {
            return linalg.eigh(matrix_DD);
        }
        catch (ExternalException)
        {
            // LAPACK did not converge.
            return null;
        }
    }
}
