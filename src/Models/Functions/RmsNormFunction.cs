namespace PretrainBench.Models.Functions;

/// <summary>
/// y = g · x / sqrt(mean(x²) + ε) over the last dimension (RMSNorm, arXiv 1910.07467), with its gradient written out:
/// half the passes over memory that the composed operators need.
/// With r = 1/sqrt(mean(x²) + ε), n = x·r:  dg = Σ dy·n,  dx = r · (dy·g − n · mean(dy·g·n)).
/// </summary>
internal sealed class RmsNormFunction : autograd.SingleTensorFunction<RmsNormFunction>
{
    public override string Name => nameof(RmsNormFunction);

    /// <summary>x_ND [rows, width], gain_D [width] → [rows, width].</summary>
    public static Tensor Normalize(Tensor x_ND, Tensor gain_D, double epsilon) => apply(x_ND, gain_D, epsilon);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (x_ND, gain_D, epsilon) = ((Tensor)vars[0], (Tensor)vars[1], (double)vars[2]);
        var norm_N1 = linalg.vector_norm(x_ND, 2, new long[] { -1 }, true);
        var inverse_N1 = norm_N1.square().div_(x_ND.shape[^1]).add_(epsilon).rsqrt_();
        var normalized_ND = x_ND * inverse_N1;
        ctx.save_for_backward([scope.MoveToOuter(normalized_ND), scope.MoveToOuter(inverse_N1), gain_D]);
        return scope.MoveToOuter(normalized_ND * gain_D);
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (normalized_ND, inverse_N1, gain_D) = (saved[0], saved[1], saved[2]);
        var product_ND = grad_output * normalized_ND;
        var gainGradient_D = product_ND.sum(dim: 0);
        var mean_N1 = product_ND.mv(gain_D).div_(normalized_ND.shape[^1]).unsqueeze(1);
        var gradient_ND = (grad_output * gain_D).addcmul_(normalized_ND, mean_N1, -1).mul_(inverse_N1);
        return [scope.MoveToOuter(gradient_ND), scope.MoveToOuter(gainGradient_D), null!];
    }
}
