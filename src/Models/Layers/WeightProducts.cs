using F = TorchSharp.torch.nn.functional;

namespace PretrainBench.Models.Layers;

/// <summary>Products with weights, in the model's own precision or in bf16.</summary>
/// <param name="bf16">Whether inputs and weights are rounded to bf16 before each product. The products accumulate in 32
/// bits inside the matrix kernel; weights, their gradients, the residual stream, norms and loss stay in 32
/// bits.</param>
/// <param name="bf16Attention">Whether attention mixes in bf16 as well.</param>
internal sealed class WeightProducts(bool bf16, bool bf16Attention = false)
{
    // Weights in bf16 while RoundOnce holds.
    private Dictionary<Tensor, Tensor>? _rounded;

    /// <summary>Whether products are taken in bf16.</summary>
    public bool Bf16 => bf16;

    /// <summary>Prepares an input once for several products.</summary>
    public Tensor Input(Tensor x_NI) => bf16 ? x_NI.to(ScalarType.BFloat16) : x_NI;

    /// <summary>Queries, keys or values as attention takes them.</summary>
    public Tensor Mixable(Tensor x_BHTK) => bf16Attention ? x_BHTK.to(ScalarType.BFloat16) : x_BHTK;

    /// <summary>input_NI (see <see cref="Input"/>) times weight_OI [outputs, inputs] transposed → [rows,
    /// outputs].</summary>
    public Tensor Apply(Tensor input_NI, Tensor weight_OI)
        => bf16
            ? F.linear(input_NI, Rounded(weight_OI)).to(ScalarType.Float32)
            : F.linear(input_NI, weight_OI);

    /// <summary>A weight as products take it.</summary>
    public Tensor Rounded(Tensor weight_OI)
    {
        if (!bf16) return weight_OI;
        if (_rounded is null) return weight_OI.to(ScalarType.BFloat16);
        if (_rounded.TryGetValue(weight_OI, out var present)) return present;
        // Recorded wherever it is asked for first: every later pass sends its gradient back through it.
        using var recording = enable_grad();
        return _rounded[weight_OI] = weight_OI.to(ScalarType.BFloat16).DetachFromDisposeScope();
    }

    /// <summary>Until the result is disposed of, weights are rounded once for all passes; they must not
    /// change.</summary>
    public IDisposable RoundOnce()
    {
        _rounded = new(ReferenceEqualityComparer.Instance);
        return new Rounding(this);
    }

    private sealed class Rounding(WeightProducts products) : IDisposable
    {
        public void Dispose()
        {
            if (products._rounded is null) return;
            foreach (var rounded in products._rounded.Values) rounded.Dispose();
            products._rounded = null;
        }
    }
}
