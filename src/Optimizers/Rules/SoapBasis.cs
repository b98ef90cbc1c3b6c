using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>The statistics and eigenbasis of one axis in SOAP.</summary>
/// <param name="Statistics_DD">Moving average of G₍ₖ₎G₍ₖ₎ᵀ.</param>
/// <param name="Basis_DD">Eigenvectors in columns, by descending eigenvalue when first computed.</param>
/// <remarks>Of matrices that are updated together, both are stacks [K, D, D].</remarks>
internal sealed record SoapAxis(Tensor Statistics_DD, Tensor Basis_DD);

/// <summary>How SOAP finds an eigenbasis and follows it.</summary>
internal static class SoapBasis
{
    // Keeps an all-zero matrix decomposable.
    private const double Ridge = 1e-30;

    /// <summary>Adds the two sides of one of a parameter's matrices to the state.</summary>
    public static SoapAxis[] Axes(RuleState state, ParameterSlot slot, int block, (long Rows, long Columns) shape)
        => [.. new[] { shape.Rows, shape.Columns }.Select((size, axis) =>
            new SoapAxis(state.Zeros(slot, $"statistics_{block}_{axis}", [size, size]),
                state.Identity(slot, $"basis_{block}_{axis}", size)))];

    /// <summary>Sets the basis from scratch.</summary>
    public static void Begin(SoapAxis axis, int matrices, DecompositionFailures failures)
    {
        using var scope = NewDisposeScope();
        TensorAxes.Complete(axis.Statistics_DD);
        var eigen = MatrixRoots.Eigen(MatrixRoots.WithDiagonal(axis.Statistics_DD, Ridge));
        failures.Take(matrices, eigen is null ? null : [(axis.Basis_DD, eigen.Value.Vectors_DD.flip(-1))]);
    }

    /// <summary>One step of orthogonal iteration: the columns are put in the order of their estimated eigenvalues
    /// diag(QᵀGQ), then Q ← qr(GQ). The caller's scope owns the results; the basis itself is not changed.</summary>
    /// <returns>The new basis and the order in which the old columns went.</returns>
    public static (Tensor Basis_DD, Tensor Order_D) Follow(SoapAxis axis)
    {
        using var scope = NewDisposeScope();
        TensorAxes.Complete(axis.Statistics_DD);
        // The reference multiplies G twice, for the estimate and after reordering; the product's columns reorder as
        // well.
        var product_DD = axis.Statistics_DD.matmul(axis.Basis_DD);
        var order_D = product_DD.mul(axis.Basis_DD).sum(dim: -2).argsort(-1, descending: true);
        var (basis_DD, _) = linalg.qr(product_DD.take_along_dim(order_D.unsqueeze(-2), -1));
        return (basis_DD.MoveToOuterDisposeScope(), order_D.MoveToOuterDisposeScope());
    }
}
