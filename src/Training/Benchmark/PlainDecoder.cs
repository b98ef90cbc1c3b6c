using System.Diagnostics.CodeAnalysis;
using TorchSharp.Modules;
using F = TorchSharp.torch.nn.functional;

namespace PretrainBench.Training.Benchmark;

/// <summary>The model of a benchmark as a TorchSharp program usually writes it, from the package's own modules:
/// nn.Linear, scaled_dot_product_attention, whole logits, cross_entropy. What our own model is measured
/// against.</summary>
internal sealed class PlainDecoder : nn.Module<Tensor, Tensor>
{
    private readonly Embedding _embedding;
    private readonly ModuleList<PlainBlock> _blocks;
    private readonly PlainNorm _norm;
    private readonly PlainLinear _head;
    private readonly PlainPositions _positions;

    /// <summary>A model with its own initial weights; see <see cref="Copy"/>.</summary>
    public PlainDecoder(ModelShape shape, Precision precision, Device device)
        : base(nameof(PlainDecoder))
    {
        var bf16 = precision.IsBf16();
        _embedding = nn.Embedding(shape.VocabularySize, shape.Width);
        _positions = new PlainPositions(shape, device);
        _blocks = new([.. Enumerable.Range(0, shape.Layers).Select(_ => new PlainBlock(shape, _positions, bf16))]);
        _norm = new PlainNorm(shape);
        _head = new PlainLinear(shape.Width, shape.VocabularySize, bf16);
        register_module("embedding", _embedding);
        register_module("blocks", _blocks);
        register_module("final_norm", _norm);
        register_module("head", _head);
        this.to(device);
    }

    /// <summary>Takes over the weights of ours, name by name.</summary>
    [SuppressMessage("Reliability", "CA2000", Justification = "parameters belong to their modules")]
    public void Copy(Decoder ours)
    {
        using var gradients = no_grad();
        var mine = named_parameters()
            .ToDictionary(entry => entry.name.Replace(".weight", "", StringComparison.Ordinal),
                entry => entry.parameter);
        foreach (var parameter in ours.Parameters) mine[parameter.Name].copy_(parameter.Value);
    }

    public override Tensor forward(Tensor tokens_BT)
    {
        var x_BTD = _embedding.forward(tokens_BT);
        foreach (var block in _blocks) x_BTD = block.forward(x_BTD);
        return _head.forward(_norm.forward(x_BTD));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _positions.Dispose();
        base.Dispose(disposing);
    }
}

/// <summary>RMSNorm, composed.</summary>
internal sealed class PlainNorm : nn.Module<Tensor, Tensor>
{
    private readonly Parameter _weight_D;
    private readonly double _epsilon;

    public PlainNorm(ModelShape shape)
        : base(nameof(PlainNorm))
    {
        _epsilon = shape.NormEpsilon;
        _weight_D = new Parameter(ones(shape.Width));
        register_parameter("weight", _weight_D);
    }

    public override Tensor forward(Tensor x_BTD)
        => x_BTD * rsqrt(x_BTD.pow(2).mean([-1], keepdim: true) + _epsilon) * _weight_D;
}

/// <summary>nn.Linear; in bf16, input and weight are rounded before the product, and the result goes back to 32
/// bits.</summary>
internal sealed class PlainLinear : nn.Module<Tensor, Tensor>
{
    private readonly Linear _linear;
    private readonly bool _bf16;

    public PlainLinear(long inputs, long outputs, bool bf16)
        : base(nameof(PlainLinear))
    {
        _bf16 = bf16;
        _linear = nn.Linear(inputs, outputs, hasBias: false);
        register_module("weight", _linear);
    }

    public override Tensor forward(Tensor x_BTI)
        => _bf16
            ? F.linear(x_BTI.bfloat16(), _linear.weight.bfloat16()).to(ScalarType.Float32)
            : _linear.forward(x_BTI);
}
