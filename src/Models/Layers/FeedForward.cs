namespace PretrainBench.Models.Layers;

/// <summary>SwiGLU (arXiv 2002.05202): down · (silu(gate · x) ⊙ (up · x)).</summary>
internal sealed class FeedForward(ModelShape shape, string name, ParameterStore store, Linear linear)
{
    private readonly Tensor _gate_FD = store.Matrix($"{name}.gate", shape.FeedForwardWidth, shape.Width);
    private readonly Tensor _up_FD = store.Matrix($"{name}.up", shape.FeedForwardWidth, shape.Width);
    private readonly Tensor _down_DF = store.Matrix($"{name}.down", shape.Width, shape.FeedForwardWidth);

    /// <summary>x_ND [batch · time, width] → [batch · time, width].</summary>
    public Tensor Forward(Tensor x_ND)
    {
        var input_ND = linear.Input(x_ND);
        var gated_NF = linear.Apply(input_ND, _gate_FD).silu() * linear.Apply(input_ND, _up_FD);
        return linear.Apply(linear.Input(gated_NF), _down_DF);
    }
}
