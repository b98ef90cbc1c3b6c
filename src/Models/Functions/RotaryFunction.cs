namespace PretrainBench.Models.Functions;

/// <summary>
/// Splits rows into heads and rotates each by its position (RoPE, arXiv 2104.09864; the halves of a head are paired, as in
/// the published OLMo 2 and LLaMA checkpoints): (a, b) → (a·cos − b·sin, b·cos + a·sin). The gradient rotates back.
/// </summary>
internal sealed class RotaryFunction : autograd.SingleTensorFunction<RotaryFunction>
{
    public override string Name => nameof(RotaryFunction);

    /// <summary>
    /// x_ND [batch · time, width] → [batch, heads, time, head dimension], contiguous.
    /// cos_TK [time, head dimension] and sin_TJ [time, head dimension / 2] may carry a common factor: the result carries it too.
    /// </summary>
    public static Tensor Rotate(Tensor x_ND, Tensor cos_TK, Tensor sin_TJ, int heads) => apply(x_ND, cos_TK, sin_TJ, heads);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (x_ND, cos_TK, sin_TJ, heads) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (int)vars[3]);
        ctx.save_for_backward([cos_TK, sin_TJ]);
        long time = cos_TK.shape[0], dimension = cos_TK.shape[1];
        var x_BHTK = x_ND.view(-1, time, heads, dimension).transpose(1, 2).contiguous();
        return scope.MoveToOuter(Rotated(x_BHTK, cos_TK, sin_TJ, direction: 1));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var shape = grad_output.shape;
        var gradient_BHTK = Rotated(grad_output, saved[0], saved[1], direction: -1);
        var gradient_ND = gradient_BHTK.transpose(1, 2).reshape(shape[0] * shape[2], shape[1] * shape[3]);
        return [scope.MoveToOuter(gradient_ND), null!, null!, null!];
    }

    private static Tensor Rotated(Tensor x_BHTK, Tensor cos_TK, Tensor sin_TJ, int direction)
    {
        var half = x_BHTK.shape[^1] / 2;
        var rotated_BHTK = x_BHTK * cos_TK;
        rotated_BHTK.narrow(-1, 0, half).addcmul_(x_BHTK.narrow(-1, half, half), sin_TJ, -direction);
        rotated_BHTK.narrow(-1, half, half).addcmul_(x_BHTK.narrow(-1, 0, half), sin_TJ, direction);
        return rotated_BHTK;
    }
}
