using PretrainBench.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace PretrainBench.Models.Layers;

/// <summary>One block: attention and feed-forward, each with a norm and a residual connection.</summary>
internal sealed class DecoderBlock : nn.Module<Tensor, PositionTables, Tensor>
{
    private readonly ModelShape _shape;
    [ComponentName(Name = "attention")] private readonly Attention _attention;
    [ComponentName(Name = "attention_norm")] private readonly Parameter _attentionGain_D;
    [ComponentName(Name = "feed_forward")] private readonly FeedForward _feedForward;
    [ComponentName(Name = "feed_forward_norm")] private readonly Parameter _feedForwardGain_D;

    public DecoderBlock(ModelShape shape, string name, ParameterInitialization initial, WeightProducts products)
        : base(nameof(DecoderBlock))
    {
        _shape = shape;
        _attention = new Attention(shape, $"{name}.attention", initial, products);
        _attentionGain_D = initial.Gain(shape.Width);
        _feedForward = new FeedForward(shape, $"{name}.feed_forward", initial, products);
        _feedForwardGain_D = initial.Gain(shape.Width);
        RegisterComponents();
    }

    public (Attention Layer, Parameter Gain_D) AttentionPart => (_attention, _attentionGain_D);

    public (FeedForward Layer, Parameter Gain_D) FeedForwardPart => (_feedForward, _feedForwardGain_D);

    /// <summary>x_ND [batch · time, width] → [batch · time, width].</summary>
    public override Tensor forward(Tensor x_ND, PositionTables positions)
    {
        using var scope = NewDisposeScope();
        if (_shape.Family == ModelFamily.Olmo2)
        {
            x_ND = x_ND + Normalized(_attention.call(x_ND, positions), _attentionGain_D);
            return scope.MoveToOuter(x_ND + Normalized(_feedForward.call(x_ND), _feedForwardGain_D));
        }
        x_ND = x_ND + _attention.call(Normalized(x_ND, _attentionGain_D), positions);
        return scope.MoveToOuter(x_ND + _feedForward.call(Normalized(x_ND, _feedForwardGain_D)));
    }

    private Tensor Normalized(Tensor x_ND, Tensor gain_D) => Operators.RmsNorm(x_ND, gain_D, _shape.NormEpsilon);
}
