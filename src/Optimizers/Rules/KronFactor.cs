using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>One Kronecker factor Q of PSGD, upper triangular [D, D] or diagonal [D], and what it does along its axis of
/// a matrix: below, X stands for a matrix whose rows run along that axis.</summary>
/// <param name="factor">Q; changed in place by <see cref="Learn"/>.</param>
/// <param name="axis">0 for the rows, 1 for the columns.</param>
internal sealed class KronFactor(Tensor factor, int axis)
{
    // Below the smallest normal number divisions would overflow.
    private const double Tiny = 1.17549435e-38;

    public Tensor Q { get; } = factor;

    private bool IsTriangular => Q.Dimensions == 2;

    public Tensor Apply(Tensor x_MN) => IsTriangular ? axis == 0 ? Q.mm(x_MN) : x_MN.mm(Q.mT) : x_MN.mul(Along(Q));

    /// <summary>Qᵀ X.</summary>
    public Tensor ApplyTransposed(Tensor x_MN)
        => IsTriangular ? axis == 0 ? Q.mT.mm(x_MN) : x_MN.mm(Q) : x_MN.mul(Along(Q));

    /// <summary>Q⁻ᵀ X.</summary>
    public Tensor SolveTransposed(Tensor x_MN) => !IsTriangular ? x_MN.div(Along(Q))
        : axis == 0 ? linalg.solve_triangular(Q.mT, x_MN, upper: false)
        : linalg.solve_triangular(Q, x_MN, upper: true, left: false);

    /// <summary>Q ← Q − μ·triu(AAᵀ − BBᵀ)/‖AAᵀ + BBᵀ‖ · Q, the spectral norm taken by its lower bound; entry by entry
    /// for a diagonal.</summary>
    /// <param name="a_MN">A, the gradient with all factors applied.</param>
    /// <param name="b_MN">B, the probe with all inverse transposed factors applied.</param>
    /// <param name="rate_1">μ, or 0 where there is nothing to learn from.</param>
    public void Learn(Tensor a_MN, Tensor b_MN, Tensor rate_1)
    {
        using var scope = NewDisposeScope();
        var (gradient, probe) = (Gram(a_MN), Gram(b_MN));
        var sum = gradient.add(probe);
        var largest_1 = sum.abs().max();
        var difference = gradient.sub_(probe).mul_(rate_1);
        if (!IsTriangular)
        {
            Q.sub_(difference.mul_(Q).div_(largest_1.clamp_min(Tiny)));
            return;
        }
        var norm_1 = where(largest_1.gt(0), SpectralNorm(sum, largest_1), largest_1).clamp_min(Tiny);
        Q.sub_(difference.triu().div_(norm_1).mm(Q));
    }

    /// <summary>Multiplies the factor by a number, in place.</summary>
    public void Scale(Tensor by_1) => Q.mul_(by_1);

    // X Xᵀ, or its diagonal for a diagonal factor.
    private Tensor Gram(Tensor x_MN)
        => !IsTriangular ? x_MN.square().sum([1 - axis])
            : axis == 0 ? x_MN.mm(x_MN.mT)
            : x_MN.mT.mm(x_MN);

    // A lower bound of a symmetric matrix's spectral norm: two products from its longest column.
    private static Tensor SpectralNorm(Tensor matrix_DD, Tensor largest_1)
    {
        var scaled_DD = matrix_DD.div(largest_1);
        var longest_1 = scaled_DD.square().sum([0]).argmax().view(1);
        var direction_D1 = scaled_DD.mT.mm(scaled_DD.index_select(1, longest_1));
        direction_D1 = direction_D1.div(direction_D1.norm());
        return scaled_DD.mm(direction_D1).norm().mul(largest_1);
    }

    private Tensor Along(Tensor diagonal_D) => axis == 0 ? diagonal_D.unsqueeze(1) : diagonal_D;
}
