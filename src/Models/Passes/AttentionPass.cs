using PretrainBench.Models.Layers;
using PretrainBench.Torch;
using TorchSharp.Modules;

namespace PretrainBench.Models.Passes;

/// <summary><see cref="Attention"/> with its norm and residual connection.</summary>
internal sealed class AttentionPass(ModelShape shape, Attention layer, Parameter gain_D)
    : ResidualPass(shape, gain_D)
{
    private Tensor? _input_ND, _value_ND, _mixed_BHTK, _normalizers;
    private Projection? _query, _key;

    protected override Tensor Layer(Tensor x_ND, PositionTables positions)
    {
        var (query_DD, key_DD, value_DD, output_DD) = layer.Weights;
        _input_ND = x_ND;
        _query = Project(x_ND, query_DD, layer.Gains.Query_D, positions);
        _key = Project(x_ND, key_DD, layer.Gains.Key_D, positions);
        _value_ND = x_ND.mm(value_DD.t());
        (_mixed_BHTK, _normalizers) = CpuAttention.Forward(Heads(_query.Rotated_ND, positions),
            Heads(_key.Rotated_ND, positions), Heads(_value_ND, positions));
        return Rows(_mixed_BHTK).mm(output_DD.t());
    }

    protected override Tensor LayerGradient(Tensor gradient_ND, PositionTables positions)
    {
        var (query_DD, key_DD, value_DD, output_DD) = layer.Weights;
        WeightGradients.AddProduct(output_DD, gradient_ND, Rows(_mixed_BHTK!));
        var (query, key, value) = CpuAttention.Backward(Heads(gradient_ND.mm(output_DD), positions),
            Heads(_query!.Rotated_ND, positions), Heads(_key!.Rotated_ND, positions), Heads(_value_ND!, positions),
            _mixed_BHTK!, _normalizers!);
        var valueGradient_ND = Rows(value);
        WeightGradients.AddProduct(value_DD, valueGradient_ND, _input_ND!);
        var gradient = valueGradient_ND.mm(value_DD);
        foreach (var (weight_DD, projection, rotated) in new[] { (query_DD, _query, query), (key_DD, _key, key) })
        {
            var projected_ND = ProjectionGradient(projection, Rows(rotated), positions);
            WeightGradients.AddProduct(weight_DD, projected_ND, _input_ND!);
            gradient.addmm_(projected_ND, weight_DD);
        }
        (_input_ND, _value_ND, _mixed_BHTK, _normalizers, _query, _key) = (null, null, null, null, null, null);
        return gradient;
    }

    // Queries or keys: a product, a norm where the family has one, and their positions.
    private Projection Project(Tensor x_ND, Parameter weight_DD, Parameter? gain_D, PositionTables positions)
    {
        var product_ND = x_ND.mm(weight_DD.t());
        var (rotated_ND, inverse_N) = gain_D is null
            ? (product_ND, (Tensor?)null)
            : RowKernels.Normalize(product_ND, gain_D, Shape.NormEpsilon);
        RowKernels.Rotate(rotated_ND, positions.Cos_TJ, positions.Sin_TJ);
        return new Projection(gain_D, product_ND, inverse_N, rotated_ND);
    }

    private static Tensor ProjectionGradient(Projection projection, Tensor rotated_ND, PositionTables positions)
    {
        RowKernels.Rotate(rotated_ND, positions.Cos_TJ, positions.Sin_TJ, back: true);
        return projection.Gain_D is { } gain_D
            ? RowKernels.NormalizeGradient(rotated_ND, projection.Product_ND, gain_D, projection.Inverse_N!,
                WeightGradients.Of(gain_D))
            : rotated_ND;
    }

    private Tensor Heads(Tensor x_ND, PositionTables positions)
        => x_ND.view(-1, positions.Length, Shape.Heads, Shape.HeadDimension).transpose(1, 2);

    // No copy: the memory is in this order already.
    private Tensor Rows(Tensor x_BHTK) => x_BHTK.transpose(1, 2).reshape(-1, Shape.Width);

    /// <summary>What the gradient of queries or keys needs.</summary>
    private sealed record Projection(Parameter? Gain_D, Tensor Product_ND, Tensor? Inverse_N, Tensor Rotated_ND);
}
