using PretrainBench.Models.Layers;
using PretrainBench.Torch;
using TorchSharp.Modules;

namespace PretrainBench.Models.Passes;

/// <summary>Loss and gradients of a decoder with the activations of one block in memory at a time (Chen et al.,
/// Training Deep Nets with Sublinear Memory Cost, arXiv 1604.06174): the forward pass keeps only each block's input,
/// from which the backward pass computes the block again. A third more work; the same gradients.</summary>
internal sealed class RecomputedPass(ModelShape shape, Parameter embedding_VD, IReadOnlyList<DecoderBlock> blocks,
    Parameter finalGain_D, Parameter head_VD, WeightProducts products)
{
    /// <summary>Adds the gradient of weight · mean loss to the parameters' <c>grad</c>; returns weight · mean loss, a
    /// scalar.</summary>
    /// <param name="inputs_N">Tokens, sequence after sequence.</param>
    /// <param name="targets_N">The tokens that follow.</param>
    public Tensor AddGradients(Tensor inputs_N, Tensor targets_N, PositionTables positions, double zLoss, double weight)
    {
        using var scope = NewDisposeScope();
        var blockInputs = new List<Tensor>();
        using (no_grad())
        {
            blockInputs.Add(embedding_VD.index_select(0, inputs_N));
            foreach (var block in blocks) blockInputs.Add(block.call(blockInputs[^1], positions));
        }
        var last_ND = blockInputs[^1].requires_grad_();
        var loss = HeadLoss.Of(Operators.RmsNorm(last_ND, finalGain_D, shape.NormEpsilon), head_VD, targets_N, zLoss,
            products) * weight;
        loss.backward();
        var gradient_ND = last_ND.grad!;
        for (var i = blocks.Count - 1; i >= 0; i--)
        {
            using var inner = NewDisposeScope();
            blockInputs[i + 1].Dispose();
            var input_ND = blockInputs[i].requires_grad_();
            blocks[i].call(input_ND, positions).backward([gradient_ND]);
            gradient_ND.Dispose();
            gradient_ND = inner.MoveToOuter(input_ND.grad!);
        }
        using (no_grad())
        {
            var gradients = new WeightGradients();
            gradients.Of(embedding_VD).index_add_(0, inputs_N, gradient_ND, 1);
            gradients.Commit();
        }
        return scope.MoveToOuter(loss.detach());
    }
}
