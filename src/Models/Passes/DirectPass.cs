using PretrainBench.Models.Layers;
using TorchSharp.Modules;

namespace PretrainBench.Models.Passes;

/// <summary>Loss and gradients of a decoder in 32 bits on the CPU, written out instead of recorded by autograd: small
/// models spend most of a step on the operators between matrix products and on their recording, which
/// <see cref="RowKernels"/> and <see cref="ActivationKernels"/> do without. Same model, same gradients up to rounding
/// (a test holds them to autograd's).</summary>
internal sealed class DirectPass(ModelShape shape, Parameter embedding_VD, IEnumerable<DecoderBlock> blocks,
    Parameter finalGain_D, Parameter head_VD)
{
    private readonly WeightGradients _gradients = new();
    private readonly ResidualPass[] _layers =
    [
        .. blocks.SelectMany(block => (ResidualPass[])
        [
            new AttentionPass(shape, block.AttentionPart.Layer, block.AttentionPart.Gain_D),
            new FeedForwardPass(shape, block.FeedForwardPart.Layer, block.FeedForwardPart.Gain_D),
        ]),
    ];

    /// <summary>Finds the gradient of weight · mean loss; returns weight · mean loss, a scalar.</summary>
    /// <param name="inputs_N">Tokens, sequence after sequence.</param>
    /// <param name="targets_N">The tokens that follow.</param>
    public Tensor FindGradients(Tensor inputs_N, Tensor targets_N, PositionTables positions, double zLoss,
        double weight)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var x_ND = embedding_VD.index_select(0, inputs_N);
        foreach (var layer in _layers) x_ND = layer.Forward(x_ND, positions);
        var (hidden_ND, inverse_N) = RowKernels.Normalize(x_ND, finalGain_D, shape.NormEpsilon);

        var (loss, hiddenGradient_ND, headGradient_VD) =
            HeadLoss.WithGradients(hidden_ND, head_VD, targets_N, zLoss, new WeightProducts(bf16: false));
        foreach (var gradient in (Tensor[])[hiddenGradient_ND, headGradient_VD])
            if (weight != 1) gradient.mul_(weight);
        _gradients.Add(head_VD, headGradient_VD);
        var gradient_ND = RowKernels.NormalizeGradient(hiddenGradient_ND, x_ND, finalGain_D, inverse_N,
            _gradients.Of(finalGain_D));
        for (var i = _layers.Length - 1; i >= 0; i--)
            gradient_ND = _layers[i].Backward(gradient_ND, positions, _gradients);
        _gradients.Of(embedding_VD).index_add_(0, inputs_N, gradient_ND, 1);
        return scope.MoveToOuter(loss.mul_(weight));
    }

    /// <summary>Adds the gradients that were found to the parameters' <c>grad</c>.</summary>
    public void Commit() => _gradients.Commit();
}
