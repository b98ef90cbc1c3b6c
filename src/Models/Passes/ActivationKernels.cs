using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using PretrainBench.Torch;

namespace PretrainBench.Models.Passes;

/// <summary>Steps with exponentials, on 32-bit numbers in the CPU's memory, each in one pass (see
/// <see cref="RowKernels"/>).</summary>
internal static class ActivationKernels
{
    private static readonly int Lanes = Vector<float>.Count;

    /// <summary>silu(gate) ⊙ up (SwiGLU, arXiv 2002.05202) of rows that have gate and up side by side.</summary>
    /// <param name="both_NE">[rows, 2F].</param>
    /// <returns>[rows, F].</returns>
    public static Tensor SwiGlu(Tensor both_NE)
    {
        var width = (int)both_NE.shape[1] / 2;
        var gated_NF = empty(both_NE.shape[0], width);
        RowSpans gates = new(both_NE, 0, width), ups = new(both_NE, width, width), results = new(gated_NF, 0, width);
        for (var row = 0; row < gates.Count; row++)
        {
            Span<float> gate = gates[row], up = ups[row], gated = results[row];
            for (var i = 0; i < width; i += Lanes)
            {
                var (g, u) = (Load(gate, i), Load(up, i));
                Store(g * Sigmoid(g) * u, gated, i);
            }
        }
        return gated_NF;
    }

    /// <summary>Turns gate and up into the gradients with respect to them, in place, with σ the logistic function:
    /// d up = d ⊙ gate·σ, d gate = d ⊙ up ⊙ σ(1 + gate·(1 − σ)).</summary>
    /// <param name="gradient_NF">d, the gradient with respect to what <see cref="SwiGlu"/> gave.</param>
    public static void ToSwiGluGradients(Tensor both_NE, Tensor gradient_NF)
    {
        var width = (int)both_NE.shape[1] / 2;
        RowSpans gates = new(both_NE, 0, width), ups = new(both_NE, width, width), ds = new(gradient_NF, 0, width);
        for (var row = 0; row < gates.Count; row++)
        {
            Span<float> gate = gates[row], up = ups[row], gradient = ds[row];
            for (var i = 0; i < width; i += Lanes)
            {
                var (g, u, d) = (Load(gate, i), Load(up, i), Load(gradient, i));
                var sigmoid = Sigmoid(g);
                Store(d * u * sigmoid * (Vector<float>.One + g * (Vector<float>.One - sigmoid)), gate, i);
                Store(d * g * sigmoid, up, i);
            }
        }
    }

    /// <summary>Cross-entropy of rows of logits with lse = logsumexp: the sum over the rows of lse − logit of the
    /// target + z·lse². The logits become its gradient, softmax · (1 + 2·z·lse) − onehot(target).</summary>
    /// <param name="differentiates">Whether the gradient is wanted; else the logits hold nothing of use
    /// afterwards.</param>
    public static double ToLossGradient(Tensor logits_SV, Tensor targets_S, double zLoss, bool differentiates)
    {
        var all = logits_SV.Numbers();
        var targets = MemoryMarshal.Cast<byte, long>(targets_S.bytes);
        var vocabulary = all.Length / targets.Length;
        double sum = 0;
        for (var row = 0; row < targets.Length; row++)
        {
            var logits = all.Slice(row * vocabulary, vocabulary);
            var target = (int)targets[row];
            var (chosen, largest) = (logits[target], Largest(logits));
            var weight = ToExponentials(logits, largest);
            var normalizer = largest + Math.Log(weight);
            sum += normalizer - chosen + zLoss * normalizer * normalizer;
            if (!differentiates) continue;
            Scale(logits, (float)((1 + 2 * zLoss * normalizer) / weight));
            logits[target] -= 1;
        }
        return sum;
    }

    private static float Largest(Span<float> numbers)
    {
        var largest = new Vector<float>(float.NegativeInfinity);
        var i = 0;
        for (; i <= numbers.Length - Lanes; i += Lanes) largest = Vector.Max(largest, new Vector<float>(numbers[i..]));
        var result = float.NegativeInfinity;
        for (var lane = 0; lane < Lanes; lane++) result = Math.Max(result, largest[lane]);
        for (; i < numbers.Length; i++) result = Math.Max(result, numbers[i]);
        return result;
    }

    // Every number becomes e^(number − largest); their sum.
    private static double ToExponentials(Span<float> numbers, float largest)
    {
        var sums = Vector<float>.Zero;
        var i = 0;
        for (; i <= numbers.Length - Lanes; i += Lanes)
        {
            var exponential = Vector.Exp(new Vector<float>(numbers[i..]) - new Vector<float>(largest));
            sums += exponential;
            exponential.CopyTo(numbers[i..]);
        }
        double sum = Vector.Sum(sums);
        for (; i < numbers.Length; i++) sum += numbers[i] = MathF.Exp(numbers[i] - largest);
        return sum;
    }

    private static void Scale(Span<float> numbers, float by)
    {
        var i = 0;
        for (; i <= numbers.Length - Lanes; i += Lanes) (new Vector<float>(numbers[i..]) * by).CopyTo(numbers[i..]);
        for (; i < numbers.Length; i++) numbers[i] *= by;
    }

    private static Vector<float> Sigmoid(Vector<float> x)
        => Vector<float>.One / (Vector<float>.One + Vector.Exp(-x));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Load(Span<float> numbers, int at)
        => at <= numbers.Length - Lanes ? new Vector<float>(numbers[at..]) : LoadLast(numbers, at);

    // The last numbers may be fewer than a vector has.
    private static Vector<float> LoadLast(Span<float> numbers, int at)
    {
        Span<float> padded = stackalloc float[Lanes];
        padded.Clear();
        numbers[at..].CopyTo(padded);
        return new Vector<float>(padded);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store(Vector<float> values, Span<float> numbers, int at)
    {
        if (at <= numbers.Length - Lanes) values.CopyTo(numbers[at..]);
        else StoreLast(values, numbers, at);
    }

    private static void StoreLast(Vector<float> values, Span<float> numbers, int at)
    {
        for (var lane = 0; at + lane < numbers.Length; lane++) numbers[at + lane] = values[lane];
    }
}
