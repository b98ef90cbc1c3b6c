using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>The mask of the cautious optimizers (Liang et al., arXiv 2411.16085): 1 where direction and gradient have
/// the same sign, divided by its mean (at least 10⁻³) so that the update keeps its size.</summary>
internal static class CautiousMask
{
    private const double SmallestMean = 1e-3;

    public static Tensor Of(Tensor direction, Tensor gradient)
    {
        var mask = direction.mul(gradient).gt(0).to_type(gradient.dtype);
        return mask.div_(mask.mean().clamp_(min: SmallestMean));
    }
}
