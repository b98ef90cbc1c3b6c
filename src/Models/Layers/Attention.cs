using PretrainBench.Models.Functions;

namespace PretrainBench.Models.Layers;

/// <summary>
/// Causal self-attention, written out: softmax(q·kᵀ/√K + mask)·v per head, never below 32 bits
/// (on CPUs bf16 attention is several times slower, and its scores are too coarse).
/// </summary>
internal sealed class Attention
{
    private readonly ModelShape _shape;
    private readonly Linear _linear;
    private readonly Tensor _query_DD, _key_DD, _value_DD, _output_DD;
    private readonly Tensor? _queryGain_D, _keyGain_D;

    public Attention(ModelShape shape, string name, ParameterStore store, Linear linear)
    {
        _shape = shape;
        _linear = linear;
        _query_DD = store.Matrix($"{name}.query", shape.Width, shape.Width, shape.HeadDimension);
        _key_DD = store.Matrix($"{name}.key", shape.Width, shape.Width, shape.HeadDimension);
        _value_DD = store.Matrix($"{name}.value", shape.Width, shape.Width);
        _output_DD = store.Matrix($"{name}.output", shape.Width, shape.Width);
        if (!shape.NormalizesQueriesAndKeys) return;
        _queryGain_D = store.Gain($"{name}.query_norm", shape.Width);
        _keyGain_D = store.Gain($"{name}.key_norm", shape.Width);
    }

    /// <summary>x_ND [batch · time, width] → [batch · time, width].</summary>
    public Tensor Forward(Tensor x_ND, PositionTables positions)
    {
        var input_ND = _linear.Input(x_ND);
        var query_ND = Normalized(_linear.Apply(input_ND, _query_DD), _queryGain_D);
        var key_ND = Normalized(_linear.Apply(input_ND, _key_DD), _keyGain_D);
        var value_ND = _linear.Apply(input_ND, _value_DD);

        var (time, heads, dimension) = (positions.Length, _shape.Heads, _shape.HeadDimension);
        var query_GTK = RotaryFunction.Rotate(query_ND, positions.QueryCos_TK, positions.QuerySin_TJ, heads).view(-1, time, dimension);
        var key_GTK = RotaryFunction.Rotate(key_ND, positions.KeyCos_TK, positions.KeySin_TJ, heads).view(-1, time, dimension);
        var value_GTK = value_ND.view(-1, time, heads, dimension).transpose(1, 2).reshape(-1, time, dimension);

        var mixed_GTK = CausalAttentionFunction.Attend(query_GTK, key_GTK, value_GTK, positions.Mask_TT);
        var mixed_ND = mixed_GTK.view(-1, heads, time, dimension).transpose(1, 2).reshape(-1, _shape.Width);
        return _linear.Apply(_linear.Input(mixed_ND), _output_DD);
    }

    private Tensor Normalized(Tensor x_ND, Tensor? gain_D)
        => gain_D is null ? x_ND : RmsNormFunction.Normalize(x_ND, gain_D, _shape.NormEpsilon);
}
