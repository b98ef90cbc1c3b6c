namespace PretrainBench.Models.Functions;

/// <summary>
/// P = softmax(q·kᵀ + mask), o = P·v, a block of queries at a time, so that keys in a block's future are neither
/// multiplied nor exponentiated. With δ = Σ_k do·o per query:
/// dv = Pᵀ·do,  dS = P · (do·vᵀ − δ),  dq = dS·k,  dk = dSᵀ·q.
/// </summary>
internal sealed class CausalAttentionFunction : autograd.SingleTensorFunction<CausalAttentionFunction>
{
    /// <summary>Blocks that a sequence is cut into: half of the square is causal, four blocks come within 5/8 of it.</summary>
    private const int Blocks = 4;

    /// <summary>Shorter sequences are not worth cutting.</summary>
    private const long LeastBlock = 32;

    public override string Name => nameof(CausalAttentionFunction);

    /// <summary>q, k, v [batch · heads, time, head dimension] (q scaled already), mask_TT [time, time] → as q.</summary>
    public static Tensor Attend(Tensor query_GTK, Tensor key_GTK, Tensor value_GTK, Tensor mask_TT)
        => apply(query_GTK, key_GTK, value_GTK, mask_TT);

    public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
    {
        using var scope = NewDisposeScope();
        var (query_GTK, key_GTK, value_GTK, mask_TT) = ((Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Tensor)vars[3]);
        List<Tensor> saved = [query_GTK, key_GTK, value_GTK], mixed = [];
        foreach (var (start, count) in BlocksOf(query_GTK))
        {
            var seen = start + count;
            var mask_QS = mask_TT.narrow(0, start, count).narrow(1, 0, seen);
            var scores_GQS = query_GTK.narrow(1, start, count).baddbmm(key_GTK.narrow(1, 0, seen).transpose(1, 2), mask_QS);
            var weights_GQS = scores_GQS.softmax(-1);
            saved.Add(scope.MoveToOuter(weights_GQS));
            mixed.Add(weights_GQS.bmm(value_GTK.narrow(1, 0, seen)));
        }
        var mixed_GTK = mixed.Count == 1 ? mixed[0] : cat(mixed, 1);
        saved.Add(scope.MoveToOuter(mixed_GTK));
        ctx.save_for_backward(saved);
        return mixed_GTK;
    }

    public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
    {
        using var scope = NewDisposeScope();
        var saved = ctx.get_saved_variables();
        var (query_GTK, key_GTK, value_GTK, mixed_GTK) = (saved[0], saved[1], saved[2], saved[^1]);
        var grad_GTK = grad_output.contiguous();
        var negativeDelta_GT1 = (grad_GTK * mixed_GTK).sum(-1, keepdim: true).neg_();
        var queryGradient_GTK = empty_like(query_GTK);
        var keyGradient_GTK = zeros_like(key_GTK);
        var valueGradient_GTK = zeros_like(value_GTK);
        var block = 3;
        foreach (var (start, count) in BlocksOf(query_GTK))
        {
            using var blockScope = NewDisposeScope();
            var (seen, weights_GQS) = (start + count, saved[block++]);
            var grad_GQK = grad_GTK.narrow(1, start, count);
            valueGradient_GTK.narrow(1, 0, seen).add_(weights_GQS.transpose(1, 2).bmm(grad_GQK));
            var scoreGradient_GQS = grad_GQK
                .baddbmm(value_GTK.narrow(1, 0, seen).transpose(1, 2), negativeDelta_GT1.narrow(1, start, count)).mul_(weights_GQS);
            queryGradient_GTK.narrow(1, start, count).copy_(scoreGradient_GQS.bmm(key_GTK.narrow(1, 0, seen)));
            keyGradient_GTK.narrow(1, 0, seen).add_(scoreGradient_GQS.transpose(1, 2).bmm(query_GTK.narrow(1, start, count)));
        }
        return [scope.MoveToOuter(queryGradient_GTK), scope.MoveToOuter(keyGradient_GTK), scope.MoveToOuter(valueGradient_GTK), null!];
    }

    private static IEnumerable<(long Start, long Count)> BlocksOf(Tensor query_GTK)
    {
        var time = query_GTK.shape[1];
        var size = Math.Max(LeastBlock, (time + Blocks - 1) / Blocks);
        for (long start = 0; start < time; start += size) yield return (start, Math.Min(size, time - start));
    }
}
