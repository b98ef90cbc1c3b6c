using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>The two-sided second moment of one matrix under Kullback and Leibler's divergence (Lin et al., arXiv
/// 2509.03378), per side (L and l; R and r alike): the statistics L ≈ mean of G R⁻¹Gᵀ/n, a basis Q that follows their
/// eigenvectors, and l = 1/√λ of estimated eigenvalues.</summary>
internal sealed class KlFactors
{
    private readonly KlShampooOptions _options;
    private readonly double _beta;
    private readonly int _matrices;
    private readonly SoapAxis[] _axes;
    private readonly Tensor[] _roots;

    /// <param name="block">Which of the parameter's matrices.</param>
    /// <param name="beta">Decay of statistics and eigenvalues.</param>
    public KlFactors(RuleState state, ParameterSlot slot, int block, (long Rows, long Columns) shape,
        KlShampooOptions options, double beta)
    {
        _options = options;
        _beta = beta;
        _matrices = slot.StackSize;
        _axes = SoapBasis.Axes(state, slot, block, shape);
        _roots = [state.Zeros(slot, $"inverse_roots_{block}_0", [shape.Rows]),
            state.Zeros(slot, $"inverse_roots_{block}_1", [shape.Columns])];
        Bases = [.. _axes.Select(axis => axis.Basis_DD)];
    }

    public Tensor[] Bases { get; }

    /// <summary>1/(√λ + ε) of both sides together, in the basis.</summary>
    public Tensor Scale_MN()
    {
        var roots_MN = _roots[0].unsqueeze(-1).mul(_roots[1].unsqueeze(-2));
        return roots_MN.div(roots_MN.mul(_options.Epsilon).add_(1));
    }

    /// <summary>Takes the first gradient in: statistics as if the other side were the identity, their eigenvectors, and
    /// all eigenvalues alike.</summary>
    public void Begin(Tensor gradient_MN, DecompositionFailures failures)
    {
        for (var axis = 0; axis < 2; axis++)
        {
            Accumulate(axis, gradient_MN);
            SoapBasis.Begin(_axes[axis], _matrices, failures);
            _roots[axis].fill_(1 / Math.Sqrt(_options.InitialEigenvalue));
        }
    }

    /// <summary>Takes a gradient in, each side seen through the other one's inverse, as both were before.</summary>
    public void Observe(Tensor gradient_MN)
    {
        using var scope = NewDisposeScope();
        var (left_M1, right_1N) = (_roots[0].unsqueeze(-1), _roots[1].unsqueeze(-2));
        var half_MN = Bases[0].mT.matmul(gradient_MN);
        var squares_MN = half_MN.matmul(Bases[1]).square();
        Accumulate(0, gradient_MN.matmul(Bases[1]).mul_(right_1N));
        Accumulate(1, half_MN.mul_(left_M1));
        var estimate_M = squares_MN.mul(right_1N.square()).mean([-1]);
        MoveRoots(_roots[1], squares_MN.mul_(left_M1.square()).mean([-2]));
        MoveRoots(_roots[0], estimate_M);
    }

    /// <summary>One step of orthogonal iteration on each side.</summary>
    /// <param name="rotated_MN">What is kept in the basis and moves with it; null for nothing.</param>
    public void Follow(Tensor? rotated_MN, DecompositionFailures failures)
    {
        for (var axis = 0; axis < 2; axis++)
        {
            using var scope = NewDisposeScope();
            var old_DD = Bases[axis];
            TensorAxes.Complete(_axes[axis].Statistics_DD);
            var (basis_DD, _) = linalg.qr(_axes[axis].Statistics_DD.matmul(old_DD));
            var moved_MN = rotated_MN is null ? null
                : TensorAxes.Multiply(rotated_MN, axis, old_DD.mT.matmul(basis_DD));
            failures.Take(_matrices,
                [(old_DD, basis_DD), .. moved_MN is null ? [] : new[] { (rotated_MN!, moved_MN) }]);
        }
    }

    private void Accumulate(int axis, Tensor whitened_MN)
        => TensorAxes.AccumulateGram(_axes[axis].Statistics_DD, whitened_MN, axis, _beta,
            (1 - _beta) / whitened_MN.size(-1 - axis));

    private void MoveRoots(Tensor roots_D, Tensor estimate_D)
    {
        var limit = Math.Max(10, Math.Min(roots_D.size(-1), _options.LargestInverseRoot));
        roots_D.pow_(-2).mul_(_beta).add_(estimate_D, 1 - _beta).rsqrt_().clamp_max_(limit);
    }
}
