using PretrainBench.Models.Functions;
using PretrainBench.Models.Layers;

namespace PretrainBench.Models;

/// <summary>
/// A decoder-only language model. Suffixes name the dimensions of tensors here and below:
/// B sequences, T positions, N = B·T tokens, D width, F feed-forward width, V vocabulary, H heads, K head dimension,
/// J = K/2, G = B·H, S a slice of tokens or the keys seen by a block of Q queries.
/// </summary>
public sealed class Decoder : IDisposable
{
    private readonly Tensor _embedding_VD, _head_VD, _finalGain_D;
    private readonly DecoderBlock[] _blocks;
    private readonly Linear _linear;
    private readonly Device _device;
    private readonly ScalarType _dtype;
    private PositionTables? _positions;

    /// <summary>Builds a decoder with initial weights.</summary>
    /// <param name="shape">Its shape.</param>
    /// <param name="seed">Seed of the initial weights; see <see cref="ParameterInitialization"/>.</param>
    /// <param name="device">Where it lives; the CPU when null.</param>
    /// <param name="precision">How products are taken.</param>
    /// <param name="dtype">Type of the weights: 32 bits, or 64 for checking gradients.</param>
    public Decoder(ModelShape shape, ulong seed, Device? device = null, Precision precision = Precision.Fp32,
        ScalarType dtype = ScalarType.Float32)
    {
        Shape = shape;
        Counts = ParameterCounts.Of(shape);
        _device = device ?? CPU;
        _dtype = dtype;
        _linear = new Linear(precision == Precision.Bf16Linears);
        var store = new ParameterStore(shape, new ParameterInitialization(seed, _device, dtype));
        _embedding_VD = store.Embedding("embedding");
        _blocks = [.. Enumerable.Range(0, shape.Layers).Select(i => new DecoderBlock(shape, $"blocks.{i}", store, _linear))];
        _finalGain_D = store.Gain("final_norm", shape.Width);
        _head_VD = shape.TiedEmbeddings ? _embedding_VD : store.Head("head");
        Parameters = store.Parameters;
    }

    /// <summary>The shape that it was built with.</summary>
    public ModelShape Shape { get; }

    /// <summary>How many parameters it has, by kind.</summary>
    public ParameterCounts Counts { get; }

    /// <summary>All trainable tensors with their roles, in a fixed order.</summary>
    public IReadOnlyList<ModelParameter<Tensor>> Parameters { get; }

    /// <summary>Mean loss in nats per token, a scalar with a gradient.</summary>
    /// <param name="inputs_BT">Token numbers, [sequences, positions], 64-bit integers.</param>
    /// <param name="targets_BT">The token that follows each, same shape.</param>
    /// <param name="zLoss">Weight of the squared normaliser (PaLM, arXiv 2204.02311, uses 1e-4); 0 for none.</param>
    public Tensor Loss(Tensor inputs_BT, Tensor targets_BT, double zLoss = 0)
    {
        using var scope = NewDisposeScope();
        var loss = HeadLossFunction.Loss(Hidden(inputs_BT), _head_VD, targets_BT.reshape(-1), zLoss, _linear.Bf16);
        return scope.MoveToOuter(loss);
    }

    /// <summary>Logits, [sequences · positions, vocabulary].</summary>
    /// <param name="inputs_BT">Token numbers, [sequences, positions], 64-bit integers.</param>
    public Tensor Logits(Tensor inputs_BT)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(_linear.Apply(_linear.Input(Hidden(inputs_BT)), _head_VD));
    }

    /// <summary>
    /// Targets drawn from the model's own predictions, shape as the inputs: the labels with which Gauss–Newton–Bartlett
    /// estimators (Sophia, arXiv 2305.14342, algorithm 2) measure curvature.
    /// </summary>
    /// <param name="inputs_BT">Token numbers, [sequences, positions], 64-bit integers.</param>
    /// <param name="seed">Seed of the draw.</param>
    public Tensor SampleTargets(Tensor inputs_BT, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var generator = new Generator(seed, _device);
        var probabilities_NV = Logits(inputs_BT).softmax(-1);
        return scope.MoveToOuter(multinomial(probabilities_NV, 1, true, generator).view(inputs_BT.shape));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var parameter in Parameters) parameter.Value.Dispose();
        _positions?.Dispose();
    }

    private Tensor Hidden(Tensor inputs_BT)
    {
        var positions = PositionsFor((int)inputs_BT.shape[1]);
        var x_ND = _embedding_VD.index_select(0, inputs_BT.reshape(-1));
        foreach (var block in _blocks) x_ND = block.Forward(x_ND, positions);
        return RmsNormFunction.Normalize(x_ND, _finalGain_D, Shape.NormEpsilon);
    }

    private PositionTables PositionsFor(int length)
    {
        if (_positions?.Length == length) return _positions;
        _positions?.Dispose();
        return _positions = new PositionTables(Shape, length, _device, _dtype);
    }
}
