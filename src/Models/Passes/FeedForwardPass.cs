using PretrainBench.Models.Layers;
using TorchSharp.Modules;

namespace PretrainBench.Models.Passes;

/// <summary><see cref="FeedForward"/> with its norm and residual connection.</summary>
internal sealed class FeedForwardPass(ModelShape shape, FeedForward layer, Parameter gain_D)
    : ResidualPass(shape, gain_D)
{
    private Tensor? _input_ND, _gate_NF, _up_NF, _gated_NF;

    protected override Tensor Layer(Tensor x_ND, PositionTables positions)
    {
        var (gate_FD, up_FD, down_DF) = layer.Weights;
        _input_ND = x_ND;
        (_gate_NF, _up_NF) = (x_ND.mm(gate_FD.t()), x_ND.mm(up_FD.t()));
        _gated_NF = ActivationKernels.SwiGlu(_gate_NF, _up_NF);
        return _gated_NF.mm(down_DF.t());
    }

    protected override Tensor LayerGradient(Tensor gradient_ND, PositionTables positions)
    {
        var (gate_FD, up_FD, down_DF) = layer.Weights;
        WeightGradients.AddProduct(down_DF, gradient_ND, _gated_NF!);
        ActivationKernels.ToSwiGluGradients(_gate_NF!, _up_NF!, gradient_ND.mm(down_DF));
        var (gateGradient_NF, upGradient_NF) = (_gate_NF!, _up_NF!);
        WeightGradients.AddProduct(gate_FD, gateGradient_NF, _input_ND!);
        WeightGradients.AddProduct(up_FD, upGradient_NF, _input_ND!);
        (_input_ND, _gate_NF, _up_NF, _gated_NF) = (null, null, null, null);
        return gateGradient_NF.mm(gate_FD).addmm_(upGradient_NF, up_FD);
    }
}
