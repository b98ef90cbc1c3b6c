using PretrainBench.Models.Layers;
using TorchSharp.Modules;

namespace PretrainBench.Models.Passes;

/// <summary>A layer of a block with its norm and residual connection, forward and backward: x + norm(layer(x)) in OLMo
/// 2, x + layer(norm(x)) in LLaMA. Keeps from the forward pass what the backward pass needs; tensors belong to the
/// caller's scope.</summary>
internal abstract class ResidualPass(ModelShape shape, Parameter gain_D)
{
    private readonly bool _normalizesAfter = shape.Family == ModelFamily.Olmo2;
    private Tensor? _normalized_ND, _inverse_N;

    protected ModelShape Shape => shape;

    /// <summary>x_ND [tokens, width] → [tokens, width].</summary>
    public Tensor Forward(Tensor x_ND, PositionTables positions)
    {
        if (_normalizesAfter)
        {
            _normalized_ND = Layer(x_ND, positions);
            (var y_ND, _inverse_N) = RowKernels.Normalize(_normalized_ND, gain_D, shape.NormEpsilon, x_ND);
            return y_ND;
        }
        _normalized_ND = x_ND;
        (var input_ND, _inverse_N) = RowKernels.Normalize(x_ND, gain_D, shape.NormEpsilon);
        return Layer(input_ND, positions).add_(x_ND);
    }

    /// <summary>The gradient with respect to x from that with respect to the result; those of the weights are added to
    /// those found so far.</summary>
    public Tensor Backward(Tensor gradient_ND, PositionTables positions, WeightGradients gradients)
    {
        using var scope = NewDisposeScope();
        var inner_ND = _normalizesAfter
            ? LayerGradient(NormGradient(gradient_ND, gradients), positions, gradients)
            : NormGradient(LayerGradient(gradient_ND, positions, gradients), gradients);
        (_normalized_ND, _inverse_N) = (null, null);
        return scope.MoveToOuter(inner_ND.add_(gradient_ND));
    }

    protected abstract Tensor Layer(Tensor x_ND, PositionTables positions);

    protected abstract Tensor LayerGradient(Tensor gradient_ND, PositionTables positions,
        WeightGradients gradients);

    private Tensor NormGradient(Tensor gradient_ND, WeightGradients gradients)
        => RowKernels.NormalizeGradient(gradient_ND, _normalized_ND!, gain_D, _inverse_N!, gradients.Of(gain_D));
}
