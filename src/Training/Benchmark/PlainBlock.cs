using F = TorchSharp.torch.nn.functional;

namespace PretrainBench.Training.Benchmark;

/// <summary>One block of <see cref="PlainDecoder"/>.</summary>
internal sealed class PlainBlock : nn.Module<Tensor, Tensor>
{
    private readonly ModelShape _shape;
    private readonly PlainAttention _attention;
    private readonly PlainFeedForward _feedForward;
    private readonly PlainNorm _attentionNorm, _feedForwardNorm;

    public PlainBlock(ModelShape shape, PlainPositions positions, bool bf16)
        : base(nameof(PlainBlock))
    {
        _shape = shape;
        register_module("attention", _attention = new PlainAttention(shape, positions, bf16));
        register_module("attention_norm", _attentionNorm = new PlainNorm(shape));
        register_module("feed_forward", _feedForward = new PlainFeedForward(shape, bf16));
        register_module("feed_forward_norm", _feedForwardNorm = new PlainNorm(shape));
    }

    public override Tensor forward(Tensor x_BTD)
    {
        if (_shape.Family == ModelFamily.Olmo2)
        {
            x_BTD = x_BTD + _attentionNorm.forward(_attention.forward(x_BTD));
            return x_BTD + _feedForwardNorm.forward(_feedForward.forward(x_BTD));
        }
        x_BTD = x_BTD + _attention.forward(_attentionNorm.forward(x_BTD));
        return x_BTD + _feedForward.forward(_feedForwardNorm.forward(x_BTD));
    }
}

/// <summary>Causal self-attention by the package's fused operator, with rotary positions.</summary>
internal sealed class PlainAttention : nn.Module<Tensor, Tensor>
{
    private readonly ModelShape _shape;
    private readonly PlainPositions _positions;
    private readonly PlainLinear _query, _key, _value, _output;
    private readonly PlainNorm? _queryNorm, _keyNorm;

    public PlainAttention(ModelShape shape, PlainPositions positions, bool bf16)
        : base(nameof(PlainAttention))
    {
        (_shape, _positions) = (shape, positions);
        register_module("query", _query = new PlainLinear(shape.Width, shape.Width, bf16));
        register_module("key", _key = new PlainLinear(shape.Width, shape.Width, bf16));
        register_module("value", _value = new PlainLinear(shape.Width, shape.Width, bf16));
        register_module("output", _output = new PlainLinear(shape.Width, shape.Width, bf16));
        if (!shape.NormalizesQueriesAndKeys) return;
        register_module("query_norm", _queryNorm = new PlainNorm(shape));
        register_module("key_norm", _keyNorm = new PlainNorm(shape));
    }

    public override Tensor forward(Tensor x_BTD)
    {
        var (query_BTD, key_BTD) = (_query.forward(x_BTD), _key.forward(x_BTD));
        if (_queryNorm is not null) query_BTD = _queryNorm.forward(query_BTD);
        if (_keyNorm is not null) key_BTD = _keyNorm.forward(key_BTD);
        var mixed_BHTK = F.scaled_dot_product_attention(_positions.Rotate(Heads(query_BTD)),
            _positions.Rotate(Heads(key_BTD)), Heads(_value.forward(x_BTD)), is_casual: true);
        return _output.forward(mixed_BHTK.transpose(1, 2).reshape(x_BTD.shape));
    }

    private Tensor Heads(Tensor x_BTD)
        => x_BTD.view(x_BTD.shape[0], x_BTD.shape[1], _shape.Heads, _shape.HeadDimension).transpose(1, 2);
}

/// <summary>SwiGLU.</summary>
internal sealed class PlainFeedForward : nn.Module<Tensor, Tensor>
{
    private readonly PlainLinear _gate, _up, _down;

    public PlainFeedForward(ModelShape shape, bool bf16)
        : base(nameof(PlainFeedForward))
    {
        register_module("gate", _gate = new PlainLinear(shape.Width, shape.FeedForwardWidth, bf16));
        register_module("up", _up = new PlainLinear(shape.Width, shape.FeedForwardWidth, bf16));
        register_module("down", _down = new PlainLinear(shape.FeedForwardWidth, shape.Width, bf16));
    }

    public override Tensor forward(Tensor x_BTD) => _down.forward(F.silu(_gate.forward(x_BTD)) * _up.forward(x_BTD));
}

/// <summary>Rotary positions, their tables made once.</summary>
internal sealed class PlainPositions(ModelShape shape, Device device) : IDisposable
{
    private Tensor? _cos_TK, _sin_TK;

    public Tensor Rotate(Tensor x_BHTK)
    {
        if (_cos_TK?.shape[0] != x_BHTK.shape[2]) MakeTables(x_BHTK.shape[2]);
        var halves = x_BHTK.chunk(2, -1);
        return x_BHTK * _cos_TK! + cat([-halves[1], halves[0]], -1) * _sin_TK!;
    }

    public void Dispose()
    {
        _cos_TK?.Dispose();
        _sin_TK?.Dispose();
    }

    private void MakeTables(long length)
    {
        Dispose();
        using var scope = NewDisposeScope();
        var half = shape.HeadDimension / 2;
        var frequencies_J = (arange(half, dtype: ScalarType.Float64) * (-Math.Log(shape.RopeTheta) / half)).exp();
        var angles_TJ = arange(length, dtype: ScalarType.Float64).outer(frequencies_J);
        var angles_TK = cat([angles_TJ, angles_TJ], 1);
        _cos_TK = angles_TK.cos().to(ScalarType.Float32, device).DetachFromDisposeScope();
        _sin_TK = angles_TK.sin().to(ScalarType.Float32, device).DetachFromDisposeScope();
    }
}
