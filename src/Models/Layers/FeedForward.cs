using TorchSharp.Modules;
using TorchSharp.Utils;

namespace PretrainBench.Models.Layers;

/// <summary>SwiGLU (arXiv 2002.05202): down · (silu(gate · x) ⊙ (up · x)).</summary>
internal sealed class FeedForward : nn.Module<Tensor, Tensor>
{
    private readonly WeightProducts _products;
    [ComponentName(Name = "gate")] private readonly Parameter _gate_FD;
    [ComponentName(Name = "up")] private readonly Parameter _up_FD;
    [ComponentName(Name = "down")] private readonly Parameter _down_DF;

    public FeedForward(ModelShape shape, string name, ParameterInitialization initial, WeightProducts products)
        : base(nameof(FeedForward))
    {
        _products = products;
        _gate_FD = initial.Matrix($"{name}.gate", shape.FeedForwardWidth, shape.Width);
        _up_FD = initial.Matrix($"{name}.up", shape.FeedForwardWidth, shape.Width);
        _down_DF = initial.Matrix($"{name}.down", shape.Width, shape.FeedForwardWidth);
        RegisterComponents();
    }

    public (Parameter Gate_FD, Parameter Up_FD, Parameter Down_DF) Weights => (_gate_FD, _up_FD, _down_DF);

    /// <summary>x_ND [batch · time, width] → [batch · time, width].</summary>
    public override Tensor forward(Tensor x_ND)
    {
        var input_ND = _products.Input(x_ND);
        var gated_NF = _products.Apply(input_ND, _gate_FD).silu() * _products.Apply(input_ND, _up_FD);
        return _products.Apply(_products.Input(gated_NF), _down_DF);
    }
}
