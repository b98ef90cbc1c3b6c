using PretrainBench.Models.Functions;

namespace PretrainBench.Models.Layers;

/// <summary>One block: attention and feed-forward, each with a norm and a residual connection.</summary>
internal sealed class DecoderBlock(ModelShape shape, string name, ParameterStore store, Linear linear)
{
    private readonly Attention _attention = new(shape, $"{name}.attention", store, linear);
    private readonly Tensor _attentionGain_D = store.Gain($"{name}.attention_norm", shape.Width);
    private readonly FeedForward _feedForward = new(shape, $"{name}.feed_forward", store, linear);
    private readonly Tensor _feedForwardGain_D = store.Gain($"{name}.feed_forward_norm", shape.Width);

    /// <summary>x_ND [batch · time, width] → [batch · time, width].</summary>
    public Tensor Forward(Tensor x_ND, PositionTables positions)
    {
        using var scope = NewDisposeScope();
        if (shape.Family == ModelFamily.Olmo2)
        {
            x_ND = x_ND + Normalized(_attention.Forward(x_ND, positions), _attentionGain_D);
            return scope.MoveToOuter(x_ND + Normalized(_feedForward.Forward(x_ND), _feedForwardGain_D));
        }
        x_ND = x_ND + _attention.Forward(Normalized(x_ND, _attentionGain_D), positions);
        return scope.MoveToOuter(x_ND + _feedForward.Forward(Normalized(x_ND, _feedForwardGain_D)));
    }

    private Tensor Normalized(Tensor x_ND, Tensor gain_D) => RmsNormFunction.Normalize(x_ND, gain_D, shape.NormEpsilon);
}
