using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

/// <summary>Steps on the sphere of a matrix's own Frobenius norm (Wen et al., Hyperball, arXiv 2606.16899):
/// V = W − lr·‖W‖·u/‖u‖ and W ← ‖W‖·V/‖V‖. The norm is the initial one up to rounding, so that nothing is kept; a
/// matrix of zeros stays so.</summary>
internal static class Hyperball
{
    private const double Tiny = 1e-10;

    /// <summary>Moves the weights in place, of a stack each matrix by itself. A single number, whose sphere has two
    /// points, is not rescaled.</summary>
    public static void Step(Tensor weight_MN, Tensor update_MN, double learningRate)
    {
        using var scope = NewDisposeScope();
        var radius = MatrixBlocks.Norms(weight_MN);
        weight_MN.addcmul_(update_MN, radius.div(MatrixBlocks.Norms(update_MN).clamp_min_(Tiny)), -learningRate);
        if (weight_MN.size(-2) * weight_MN.size(-1) > 1)
            weight_MN.mul_(radius.div(MatrixBlocks.Norms(weight_MN).clamp_min_(Tiny)));
    }
}
