using PretrainBench.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;
using F = TorchSharp.torch.nn.functional;

namespace PretrainBench.Models.Layers;

/// <summary>Causal self-attention, in 32 bits but on CUDA (on CPUs bf16 attention is several times
/// slower).</summary>
internal sealed class Attention : nn.Module<Tensor, PositionTables, Tensor>
{
    private readonly ModelShape _shape;
    private readonly WeightProducts _products;
    [ComponentName(Name = "query")] private readonly Parameter _query_DD;
    [ComponentName(Name = "key")] private readonly Parameter _key_DD;
    [ComponentName(Name = "value")] private readonly Parameter _value_DD;
    [ComponentName(Name = "output")] private readonly Parameter _output_DD;
    [ComponentName(Name = "query_norm")] private readonly Parameter? _queryGain_D;
    [ComponentName(Name = "key_norm")] private readonly Parameter? _keyGain_D;

    public Attention(ModelShape shape, string name, ParameterInitialization initial, WeightProducts products)
        : base(nameof(Attention))
    {
        _shape = shape;
        _products = products;
        _query_DD = initial.Matrix($"{name}.query", shape.Width, shape.Width);
        _key_DD = initial.Matrix($"{name}.key", shape.Width, shape.Width);
        _value_DD = initial.Matrix($"{name}.value", shape.Width, shape.Width);
        _output_DD = initial.Matrix($"{name}.output", shape.Width, shape.Width);
        if (shape.NormalizesQueriesAndKeys)
            (_queryGain_D, _keyGain_D) = (initial.Gain(shape.Width), initial.Gain(shape.Width));
        RegisterComponents();
    }

    public (Parameter Query_DD, Parameter Key_DD, Parameter Value_DD, Parameter Output_DD) Weights
        => (_query_DD, _key_DD, _value_DD, _output_DD);

    /// <summary>Gains of the norms of queries and keys; null where the family has none.</summary>
    public (Parameter? Query_D, Parameter? Key_D) Gains => (_queryGain_D, _keyGain_D);

    /// <summary>x_ND [batch · time, width] → [batch · time, width].</summary>
    public override Tensor forward(Tensor x_ND, PositionTables positions)
    {
        var input_ND = _products.Input(x_ND);
        var query_BHTK =
            positions.Rotate(Heads(Normalized(_products.Apply(input_ND, _query_DD), _queryGain_D), positions));
        var key_BHTK = positions.Rotate(Heads(Normalized(_products.Apply(input_ND, _key_DD), _keyGain_D), positions));
        var value_BHTK = Heads(_products.Apply(input_ND, _value_DD), positions);
        // Scores are divided by sqrt(K) there.
        var mixed_BHTK = F.scaled_dot_product_attention(_products.Mixable(query_BHTK),
            _products.Mixable(key_BHTK), _products.Mixable(value_BHTK), is_casual: true);
        var mixed_ND = mixed_BHTK.transpose(1, 2).reshape(-1, _shape.Width);
        return _products.Apply(_products.Input(mixed_ND), _output_DD);
    }

    private Tensor Heads(Tensor x_ND, PositionTables positions)
        => x_ND.view(-1, positions.Length, _shape.Heads, _shape.HeadDimension).transpose(1, 2);

    private Tensor Normalized(Tensor x_ND, Tensor? gain_D)
        => gain_D is null ? x_ND : Operators.RmsNorm(x_ND, gain_D, _shape.NormEpsilon);
}
