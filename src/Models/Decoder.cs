using PretrainBench.Models.Layers;
using PretrainBench.Models.Passes;
using PretrainBench.Torch;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace PretrainBench.Models;

/// <summary>A decoder-only language model. Suffixes name the dimensions of tensors here and below: B sequences, T
/// positions, N = B·T tokens, D width, F feed-forward width, V vocabulary, H heads, K head dimension, J = K/2, S a
/// slice of tokens.</summary>
public sealed class Decoder : nn.Module<Tensor, Tensor>
{
    // Where the direct pass is faster on several threads (docs/performance.md): parameters up to which gradients for
    // each thread are little beside the pass itself, or numbers of the residual stream that a pass has at most.
    private const long MostParametersShared = 4_000_000;
    private const long ShortestRecorded = 1 << 18;

    [ComponentName(Name = "embedding")] private readonly Parameter _embedding_VD;
    [ComponentName(Name = "blocks")] private readonly ModuleList<DecoderBlock> _blocks;
    [ComponentName(Name = "final_norm")] private readonly Parameter _finalGain_D;
    [ComponentName(Name = "head")] private readonly Parameter? _head_VD;
    private readonly WeightProducts _products;
    private PositionTables? _positions;

    /// <summary>Builds a decoder with initial weights.</summary>
    /// <param name="seed">Seed of the initial weights; see <see cref="ParameterInitialization"/>.</param>
    /// <param name="device">Where it lives; the CPU when null.</param>
    /// <param name="precision">How products are taken.</param>
    /// <param name="dtype">Type of the weights: 32 bits, or 64 for checking gradients.</param>
    /// <param name="stop">Asked before each weight is drawn.</param>
    /// <exception cref="OperationCanceledException">Told to stop.</exception>
    public Decoder(ModelShape shape, ulong seed, Device? device = null, Precision precision = Precision.Fp32,
        ScalarType dtype = ScalarType.Float32, CancellationToken stop = default)
        : base(nameof(Decoder))
    {
        Shape = shape;
        Counts = ParameterCounts.Of(shape);
        var onCuda = device?.type == TorchSharp.DeviceType.CUDA;
        _products = new WeightProducts(precision.IsBf16(),
            bf16Attention: precision == Precision.Bf16 && onCuda);
        // One setting for the process, which trains one model at a time.
        if (onCuda) backends.cuda.matmul.allow_tf32 = precision == Precision.Tf32;
        var initial = new ParameterInitialization(shape, seed, device ?? CPU, dtype, stop);
        _embedding_VD = initial.Embedding("embedding");
        _blocks = new(
            [.. Enumerable.Range(0, shape.Layers)
                .Select(i => new DecoderBlock(shape, $"blocks.{i}", initial, _products))]);
        _finalGain_D = initial.Gain(shape.Width);
        _head_VD = shape.TiedEmbeddings ? null : initial.Head("head");
        RegisterComponents();
    }

    public ModelShape Shape { get; }

    /// <summary>How many parameters it has, by kind.</summary>
    public ParameterCounts Counts { get; }

    /// <summary>All trainable tensors with their names in <c>state_dict()</c> and their roles, in a fixed
    /// order.</summary>
    public IReadOnlyList<ModelParameter<Tensor>> Parameters
        => [.. named_parameters().Select(named => WithRole(named.name, named.parameter))];

    /// <summary>Logits, [sequences, positions, vocabulary].</summary>
    /// <param name="inputs_BT">Token numbers, [sequences, positions], 64-bit integers.</param>
    public override Tensor forward(Tensor inputs_BT)
    {
        using var scope = NewDisposeScope();
        var logits_NV = _products.Apply(_products.Input(Hidden(inputs_BT)), Head_VD);
        return scope.MoveToOuter(logits_NV.view(inputs_BT.shape[0], inputs_BT.shape[1], -1));
    }

    /// <summary>Mean loss in nats per token, a scalar with a gradient; logits of the whole batch never exist.</summary>
    /// <param name="inputs_BT">Token numbers, [sequences, positions], 64-bit integers.</param>
    /// <param name="targets_BT">The token that follows each, same shape.</param>
    /// <param name="zLoss">Weight of the squared normaliser (PaLM, arXiv 2204.02311, uses 1e-4); 0 for none.</param>
    public Tensor Loss(Tensor inputs_BT, Tensor targets_BT, double zLoss = 0)
    {
        using var scope = NewDisposeScope();
        var loss = HeadLoss.Of(Hidden(inputs_BT), Head_VD, targets_BT.reshape(-1), zLoss, _products);
        return scope.MoveToOuter(loss);
    }

    /// <summary>Adds the gradient of weight · <see cref="Loss"/> to the parameters' <c>grad</c>; returns weight · loss,
    /// a scalar without a gradient.</summary>
    /// <param name="weight">Such as one over the number of parts of a batch.</param>
    /// <param name="pass">How; null for what is fastest.</param>
    public Tensor AddGradients(Tensor inputs_BT, Tensor targets_BT, double zLoss = 0, double weight = 1,
        GradientPass? pass = null)
    {
        pass ??= IsFasterDirect(inputs_BT) ? GradientPass.Direct : GradientPass.Recorded;
        var positions = PositionsFor((int)inputs_BT.shape[1]);
        if (pass == GradientPass.Direct)
            return SharedPass.AddGradients(
                () => new DirectPass(Shape, _embedding_VD, _blocks, _finalGain_D, Head_VD), inputs_BT, targets_BT,
                positions, zLoss, weight);
        if (pass == GradientPass.Recomputed)
            return new RecomputedPass(Shape, _embedding_VD, [.. _blocks], _finalGain_D, Head_VD, _products)
                .AddGradients(inputs_BT.reshape(-1), targets_BT.reshape(-1), positions, zLoss, weight);
        using var scope = NewDisposeScope();
        var loss = Loss(inputs_BT, targets_BT, zLoss) * weight;
        loss.backward();
        return scope.MoveToOuter(loss.detach());
    }

    /// <summary>Until the result is disposed of, weights are rounded to bf16 once for all passes, where the precision
    /// asks for it; they must not change meanwhile.</summary>
    public IDisposable RoundWeightsOnce() => _products.RoundOnce();

    /// <summary>Targets drawn from the model's own predictions, shape as the inputs: the labels with which
    /// Gauss–Newton–Bartlett estimators (Sophia, arXiv 2305.14342, algorithm 2) measure curvature.</summary>
    /// <param name="inputs_BT">Token numbers, [sequences, positions], 64-bit integers.</param>
    public Tensor SampleTargets(Tensor inputs_BT, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var gradients = no_grad();
        using var generator = new Generator(seed, _embedding_VD.device);
        var probabilities_NV = forward(inputs_BT).softmax(-1).flatten(0, 1);
        return scope.MoveToOuter(multinomial(probabilities_NV, 1, true, generator).view(inputs_BT.shape));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _positions?.Dispose();
        base.Dispose(disposing);
    }

    private Parameter Head_VD => _head_VD ?? _embedding_VD;

    private bool IsFasterDirect(Tensor inputs_BT)
        => !_products.Bf16 && _embedding_VD.dtype == ScalarType.Float32 && _embedding_VD.is_cpu()
            && (get_num_threads() == 1 || Counts.Total <= MostParametersShared
                || inputs_BT.numel() * Shape.Width < ShortestRecorded);

    private Tensor Hidden(Tensor inputs_BT)
    {
        var positions = PositionsFor((int)inputs_BT.shape[1]);
        var x_ND = _embedding_VD.index_select(0, inputs_BT.reshape(-1));
        foreach (var block in _blocks) x_ND = block.call(x_ND, positions);
        return Operators.RmsNorm(x_ND, _finalGain_D, Shape.NormEpsilon);
    }

    private PositionTables PositionsFor(int length)
    {
        if (_positions?.Fit(length, _embedding_VD) == true) return _positions;
        _positions?.Dispose();
        return _positions = new PositionTables(Shape, length, _embedding_VD);
    }

    private ModelParameter<Tensor> WithRole(string name, Parameter value)
    {
        var ownName = name[(name.LastIndexOf('.') + 1)..];
        var role = ownName switch
        {
            "embedding" => ParameterRole.Embedding,
            "head" => ParameterRole.Head,
            // No layer has a bias.
            _ when value.dim() == 1 => ParameterRole.Norm,
            _ => ParameterRole.HiddenMatrix,
        };
        return new ModelParameter<Tensor>(name, role, value,
            RowsPerHead: ownName is "query" or "key" ? Shape.HeadDimension : 1);
    }
}

/// <summary>How a decoder's gradients are computed; the same gradients up to rounding.</summary>
public enum GradientPass
{
    /// <summary>By autograd.</summary>
    Recorded,

    /// <summary>Written out, without autograd: in 32 bits on the CPU.</summary>
    Direct,

    /// <summary>By autograd, a block at a time, which is computed twice: a third more work for the memory of one
    /// block.</summary>
    Recomputed,
}

/// <summary>How a run's matrix products are taken. It changes results in their last digits, and is part of a run's
/// identity.</summary>
public enum Precision
{
    /// <summary>Everything in 32 bits.</summary>
    Fp32,

    /// <summary>32 bits, of which products on CUDA read 19 (TensorFloat-32, 10 bits of mantissa); elsewhere as
    /// <see cref="Fp32"/>.</summary>
    Tf32,

    /// <summary>Products with weights in bf16 with 32-bit accumulation; weights, optimizer, attention, norms and loss
    /// in 32 bits. About twice as fast on processors with AMX or avx512_bf16, and on GPUs.</summary>
    Bf16Linears,

    /// <summary>Attention in bf16 as well, on CUDA, where that is what its fused kernel is for; elsewhere as
    /// <see cref="Bf16Linears"/>.</summary>
    Bf16,
}

/// <summary>What a precision means.</summary>
public static class PrecisionMeaning
{
    /// <summary>Whether products with weights are taken in bf16.</summary>
    public static bool IsBf16(this Precision precision) => precision is Precision.Bf16Linears or Precision.Bf16;
}
