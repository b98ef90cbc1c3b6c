namespace PretrainBench.Models.Functions;

/// <summary>
/// The head and the cross-entropy together, a slice of tokens at a time, so that the logits of a whole batch (tokens ×
/// vocabulary, by far the largest tensor of a small model) never exist. The gradients with respect to the hidden states
/// and the head are computed on the way and only scaled in the backward pass.
/// loss = mean over tokens of (lse − logit of the target + z · lse²), lse = logsumexp of the logits;
/// d loss / d logits = (softmax · (1 + 2·z·lse) − onehot(target)) / tokens.
/// </summary>
internal sealed class HeadLossFunction : autograd.SingleTensorFunction<HeadLossFunction>
{
    /// <summary>Logits held at a time, in numbers: 8 MB in 32 bits, which the caches of a processor still hold.</summary>
    private const long SliceSize = 1L << 21;

    /// <summary>On an accelerator larger slices keep the cores busy.</summary>
    private const long AcceleratorSliceSize = 1L << 27;

    public override string Name => nameof(HeadLossFunction);

    /// <summary>hidden_ND [tokens, width], head_VD [vocabulary, width], targets_N [tokens] → mean loss in nats, a scalar.</summary>
    public static Tensor Loss(Tensor hidden_ND, Tensor head_VD, Tensor targets_N, double zLoss, bool bf16)
        => apply(hidden_ND, head_VD, targets_N, zLoss, bf16, is_grad_enabled());

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (hidden_ND, head_VD, targets_N) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2]);
        var (zLoss, bf16, differentiates) = ((double)vars[3], (bool)vars[4], (bool)vars[5]);
        long tokens = hidden_ND.shape[0], vocabulary = head_VD.shape[0];
        var weights_VD = bf16 ? head_VD.to(ScalarType.BFloat16) : head_VD;
        var hiddenGradient_ND = differentiates ? empty_like(hidden_ND) : null;
        var headGradient_VD = differentiates ? zeros_like(head_VD) : null;
        var loss = zeros(Array.Empty<long>(), dtype: hidden_ND.dtype, device: hidden_ND.device);
        var slice = Math.Clamp((hidden_ND.is_cuda ? AcceleratorSliceSize : SliceSize) / vocabulary, 1, tokens);
        for (long start = 0; start < tokens; start += slice)
        {
            using var sliceScope = NewDisposeScope();
            var count = Math.Min(slice, tokens - start);
            var hidden_SD = hidden_ND.narrow(0, start, count);
            var input_SD = bf16 ? hidden_SD.to(ScalarType.BFloat16) : hidden_SD;
            var logits_SV = input_SD.mm(weights_VD.t()).to(hidden_ND.dtype);
            var gradient_SV = LossOfSlice(logits_SV, targets_N.narrow(0, start, count).unsqueeze(1), zLoss, loss, differentiates);
            if (gradient_SV is null) continue;
            if (bf16) gradient_SV = gradient_SV.to(ScalarType.BFloat16);
            hiddenGradient_ND!.narrow(0, start, count).copy_(gradient_SV.mm(weights_VD));
            if (bf16) headGradient_VD!.add_(gradient_SV.t().mm(input_SD));
            else headGradient_VD!.addmm_(gradient_SV.t(), input_SD);
        }
        if (differentiates) ctx.save_for_backward([scope.MoveToOuter(hiddenGradient_ND!), scope.MoveToOuter(headGradient_VD!)]);
        return scope.MoveToOuter(loss.div_(tokens));
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var scale = grad_output / saved[0].shape[0];
        return [scope.MoveToOuter(saved[0] * scale), scope.MoveToOuter(saved[1] * scale), null!, null!, null!, null!];
    }

    /// <summary>Adds the slice's summed loss to <paramref name="loss"/>; returns its gradient with respect to the logits, unscaled, when asked.</summary>
    private static Tensor? LossOfSlice(Tensor logits_SV, Tensor targets_S1, double zLoss, Tensor loss, bool differentiates)
    {
        var logProbabilities_SV = logits_SV.log_softmax(1);
        var chosen_S1 = logProbabilities_SV.gather(1, targets_S1);
        loss.sub_(chosen_S1.sum());
        Tensor? normalizer_S1 = null;
        if (zLoss != 0)
        {
            normalizer_S1 = logits_SV.gather(1, targets_S1).sub_(chosen_S1);
            loss.add_(normalizer_S1.square().sum().mul_(zLoss));
        }
        if (!differentiates) return null;
        var gradient_SV = logProbabilities_SV.exp_();
        if (normalizer_S1 is not null) gradient_SV.mul_(normalizer_S1.mul_(2 * zLoss).add_(1));
        return gradient_SV.scatter_add_(1, targets_S1, full_like(chosen_S1, -1));
    }
}
