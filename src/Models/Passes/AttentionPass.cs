using PretrainBench.Models.Layers;
using PretrainBench.Torch;
using TorchSharp.Modules;

namespace PretrainBench.Models.Passes;

/// <summary><see cref="Attention"/> with its norm and residual connection. Queries, keys and values are columns of one
/// product (C = 3D), which reads its input once.</summary>
internal sealed class AttentionPass(ModelShape shape, Attention layer, Parameter gain_D)
    : ResidualPass(shape, gain_D)
{
    private readonly int _width = shape.Width;
    private Tensor? _weights_CD, _input_ND, _products_NC, _mixed_BHTK, _normalizers;
    private Turned? _query, _key;

    protected override Tensor Layer(Tensor x_ND, PositionTables positions)
    {
        var (query_DD, key_DD, value_DD, output_DD) = layer.Weights;
        _weights_CD = cat([query_DD, key_DD, value_DD], 0);
        _input_ND = x_ND;
        _products_NC = x_ND.mm(_weights_CD.t());
        _query = Turn(0, layer.Gains.Query_D, positions);
        _key = Turn(_width, layer.Gains.Key_D, positions);
        (_mixed_BHTK, _normalizers) = CpuAttention.Forward(Heads(_query.X_ND, positions), Heads(_key.X_ND, positions),
            Heads(Columns(_products_NC, 2 * _width), positions));
        return Rows(_mixed_BHTK).mm(output_DD.t());
    }

    protected override Tensor LayerGradient(Tensor gradient_ND, PositionTables positions,
        WeightGradients gradients)
    {
        var (query_DD, key_DD, value_DD, output_DD) = layer.Weights;
        gradients.AddProduct([output_DD], gradient_ND, Rows(_mixed_BHTK!));
        var (query, key, value) = CpuAttention.Backward(Heads(gradient_ND.mm(output_DD), positions),
            Heads(_query!.X_ND, positions), Heads(_key!.X_ND, positions),
            Heads(Columns(_products_NC!, 2 * _width), positions), _mixed_BHTK!, _normalizers!);
        var gradient_NC = empty_like(_products_NC!);
        TurnBack(_query, Rows(query), gradient_NC, positions, gradients);
        TurnBack(_key, Rows(key), gradient_NC, positions, gradients);
        Columns(gradient_NC, 2 * _width).copy_(Rows(value));
        gradients.AddProduct([query_DD, key_DD, value_DD], gradient_NC, _input_ND!);
        return gradient_NC.mm(_weights_CD!);
    }

    // Queries or keys: a norm where the family has one, and their positions.
    private Turned Turn(int column, Parameter? gain_D, PositionTables positions)
    {
        if (gain_D is null)
        {
            RowKernels.Rotate(_products_NC!, column, _width, positions.Cos_TJ, positions.Sin_TJ);
            return new Turned(column, null, null, Columns(_products_NC!, column));
        }
        var (x_ND, inverse_N) =
            RowKernels.Normalize(_products_NC!, gain_D, Shape.NormEpsilon, residual_ND: null, column);
        RowKernels.Rotate(x_ND, 0, _width, positions.Cos_TJ, positions.Sin_TJ);
        return new Turned(column, gain_D, inverse_N, x_ND);
    }

    // Puts the gradient with respect to the product into its columns.
    private void TurnBack(Turned turned, Tensor gradient_ND, Tensor gradient_NC, PositionTables positions,
        WeightGradients gradients)
    {
        RowKernels.Rotate(gradient_ND, 0, _width, positions.Cos_TJ, positions.Sin_TJ, back: true);
        if (turned.Gain_D is { } gain_D)
            RowKernels.NormalizeGradient(gradient_ND, _products_NC!, gain_D, turned.Inverse_N!,
                gradients.Of(gain_D), gradient_NC, turned.Column);
        else
            Columns(gradient_NC, turned.Column).copy_(gradient_ND);
    }

    private Tensor Columns(Tensor x_NC, int column) => x_NC.narrow(1, column, _width);

    private Tensor Heads(Tensor x_ND, PositionTables positions)
        => x_ND.view(-1, positions.Length, Shape.Heads, Shape.HeadDimension).transpose(1, 2);

    // No copy: the memory is in this order already.
    private Tensor Rows(Tensor x_BHTK) => x_BHTK.transpose(1, 2).reshape(-1, _width);

    /// <summary>Queries or keys as attention takes them, and what their gradient needs.</summary>
    /// <param name="Column">Where their product begins.</param>
    private sealed record Turned(int Column, Parameter? Gain_D, Tensor? Inverse_N, Tensor X_ND);
}
