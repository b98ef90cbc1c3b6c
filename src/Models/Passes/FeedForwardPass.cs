using PretrainBench.Models.Layers;
using TorchSharp.Modules;

namespace PretrainBench.Models.Passes;

/// <summary><see cref="FeedForward"/> with its norm and residual connection.</summary>
internal sealed class FeedForwardPass(ModelShape shape, FeedForward layer, Parameter gain_D)
    : ResidualPass(shape, gain_D)
{
    private Tensor? _weights_ED, _input_ND, _both_NE, _gated_NF;

    protected override Tensor Layer(Tensor x_ND, PositionTables positions)
    {
        var (gate_FD, up_FD, down_DF) = layer.Weights;
        // One product for both reads its input once.
        _weights_ED = cat([gate_FD, up_FD], 0);
        _input_ND = x_ND;
        _both_NE = x_ND.mm(_weights_ED.t());
        _gated_NF = ActivationKernels.SwiGlu(_both_NE);
        return _gated_NF.mm(down_DF.t());
    }

    protected override Tensor LayerGradient(Tensor gradient_ND, PositionTables positions,
        WeightGradients gradients)
    {
        var (gate_FD, up_FD, down_DF) = layer.Weights;
        gradients.AddProduct([down_DF], gradient_ND, _gated_NF!);
        ActivationKernels.ToSwiGluGradients(_both_NE!, gradient_ND.mm(down_DF));
        gradients.AddProduct([gate_FD, up_FD], _both_NE!, _input_ND!);
        return _both_NE!.mm(_weights_ED!);
    }
}
