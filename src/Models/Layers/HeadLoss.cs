using PretrainBench.Models.Passes;
using PretrainBench.Torch;

namespace PretrainBench.Models.Layers;

/// <summary>The head and the cross-entropy together, a slice of tokens at a time, so that the logits of a whole batch
/// (tokens × vocabulary, by far the largest tensor of a small model) never exist. The gradients with respect to the
/// hidden states and the head are computed on the way. loss = mean over tokens of (lse − logit of the target + z ·
/// lse²), lse = logsumexp of the logits; d loss / d logits = (softmax · (1 + 2·z·lse) − onehot(target)) /
/// tokens.</summary>
internal sealed class HeadLoss
{
    // Logits held at a time, in numbers: 8 MB in 32 bits, which the caches of a processor still hold.
    private const long SliceSize = 1L << 21;

    // On an accelerator larger slices keep the cores busy.
    private const long AcceleratorSliceSize = 1L << 27;

    private const long LargestOnOneThread = 1L << 20;

    private readonly double _zLoss;
    private readonly Tensor _sum;
    private readonly Tensor? _hiddenGradient_ND, _headGradient_VD;

    private HeadLoss(Tensor hidden_ND, Tensor head_VD, double zLoss, bool differentiates)
    {
        _zLoss = zLoss;
        _sum = zeros(Array.Empty<long>(), dtype: hidden_ND.dtype, device: hidden_ND.device);
        if (differentiates) (_hiddenGradient_ND, _headGradient_VD) = (empty_like(hidden_ND), zeros_like(head_VD));
    }

    /// <summary>Mean loss in nats, a scalar tied to its gradients.</summary>
    /// <param name="hidden_ND">[tokens, width].</param>
    /// <param name="head_VD">[vocabulary, width].</param>
    /// <param name="targets_N">[tokens].</param>
    /// <param name="products">How the products with the head are taken.</param>
    public static Tensor Of(Tensor hidden_ND, Tensor head_VD, Tensor targets_N, double zLoss, WeightProducts products)
    {
        using var scope = NewDisposeScope();
        var loss = new HeadLoss(hidden_ND, head_VD, zLoss, is_grad_enabled());
        using (no_grad()) loss.AddSlices(hidden_ND, products.Rounded(head_VD), targets_N, products);
        return scope.MoveToOuter(loss.WithGradient(hidden_ND, head_VD));
    }

    /// <summary>The mean loss with its gradients themselves, for a backward pass without autograd; the caller's scope
    /// owns them.</summary>
    public static (Tensor Loss, Tensor HiddenGradient_ND, Tensor HeadGradient_VD) WithGradients(Tensor hidden_ND,
        Tensor head_VD, Tensor targets_N, double zLoss, WeightProducts products)
    {
        var loss = new HeadLoss(hidden_ND, head_VD, zLoss, differentiates: true);
        loss.AddSlices(hidden_ND, head_VD, targets_N, products);
        var tokens = hidden_ND.shape[0];
        return (loss._sum / tokens, loss._hiddenGradient_ND!.div_(tokens), loss._headGradient_VD!.div_(tokens));
    }

    private void AddSlices(Tensor hidden_ND, Tensor head_VD, Tensor targets_N, WeightProducts products)
    {
        long tokens = hidden_ND.shape[0], vocabulary = head_VD.shape[0];
        var slice = Math.Clamp((hidden_ND.is_cuda ? AcceleratorSliceSize : SliceSize) / vocabulary, 1, tokens);
        for (long start = 0; start < tokens; start += slice)
        {
            using var scope = NewDisposeScope();
            var count = Math.Min(slice, tokens - start);
            var input_SD = products.Input(hidden_ND.narrow(0, start, count));
            var logits_SV = input_SD.mm(head_VD.t()).to(hidden_ND.dtype);
            var gradient_SV = AddSlice(logits_SV, targets_N.narrow(0, start, count).unsqueeze(1));
            if (_hiddenGradient_ND is null || _headGradient_VD is null) continue;
            gradient_SV = products.Input(gradient_SV);
            _hiddenGradient_ND.narrow(0, start, count).copy_(gradient_SV.mm(head_VD));
            if (products.Bf16) _headGradient_VD.add_(gradient_SV.t().mm(input_SD));
            else _headGradient_VD.addmm_(gradient_SV.t(), input_SD);
        }
    }

    // Adds the slice's loss to the sum; returns its gradient with respect to the logits, not yet divided by the tokens.
    private Tensor AddSlice(Tensor logits_SV, Tensor targets_S1)
    {
        // One pass on one thread, or torch's several on all threads: for large slices these are faster.
        if (CpuNumbers.Serve(logits_SV) && targets_S1.is_contiguous()
            && (get_num_threads() == 1 || logits_SV.numel() <= LargestOnOneThread))
        {
            _sum.add_(ActivationKernels.ToLossGradient(logits_SV, targets_S1, _zLoss, _hiddenGradient_ND is not null));
            return logits_SV;
        }
        var logProbabilities_SV = logits_SV.log_softmax(1);
        var chosen_S1 = logProbabilities_SV.gather(1, targets_S1);
        _sum.sub_(chosen_S1.sum());
        Tensor? normalizer_S1 = null;
        if (_zLoss != 0)
        {
            normalizer_S1 = logits_SV.gather(1, targets_S1).sub_(chosen_S1);
            _sum.add_(normalizer_S1.square().sum().mul_(_zLoss));
        }
        if (_hiddenGradient_ND is null) return logProbabilities_SV;
        var gradient_SV = logProbabilities_SV.exp_();
        if (normalizer_S1 is not null) gradient_SV.mul_(normalizer_S1.mul_(2 * _zLoss).add_(1));
        return gradient_SV.scatter_add_(1, targets_S1, full_like(chosen_S1, -1));
    }

    // The mean, tied to the computed gradients by p = hidden · hiddenGradient + head · headGradient: loss + (p − p) has
    // the loss's value and p's gradient. A custom autograd function would do the same; torch's own operators are also
    // right on the thread that runs backward passes on an accelerator.
    private Tensor WithGradient(Tensor hidden_ND, Tensor head_VD)
    {
        var tokens = hidden_ND.shape[0];
        if (_hiddenGradient_ND is null || _headGradient_VD is null) return _sum / tokens;
        var product = hidden_ND.reshape(-1).dot(_hiddenGradient_ND.view(-1))
            + head_VD.view(-1).dot(_headGradient_VD.view(-1));
        return (_sum + (product - product.detach())) / tokens;
    }
}
