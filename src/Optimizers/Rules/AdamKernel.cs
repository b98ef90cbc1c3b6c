using System.Numerics;
using PretrainBench.Torch;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Adam's step on 32-bit numbers in the CPU's memory, in one pass where torch needs eight operations. One
/// thread comes close to what the memory gives; a second one gained nothing.</summary>
internal static class AdamKernel
{
    /// <summary>m ← β₁m + (1−β₁)g, v ← β₂v + (1−β₂)g², W ← keep·W + rate·m/(√v + ε).</summary>
    public static void Apply(Tensor weight, Tensor gradient, Tensor first, Tensor second, AdamFactors factors)
        => Step(weight.Numbers(), gradient.Numbers(), first.Numbers(), second.Numbers(), factors);

    private static void Step(Span<float> weight, ReadOnlySpan<float> gradient, Span<float> first, Span<float> second,
        AdamFactors factors)
    {
        var (beta1, beta2, epsilon, rate, keep) = ((float)factors.Beta1, (float)factors.Beta2, (float)factors.Epsilon,
            (float)factors.Rate, (float)factors.Keep);
        var (new1, new2) = ((float)(1 - factors.Beta1), (float)(1 - factors.Beta2));
        var i = 0;
        for (; i <= weight.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var g = new Vector<float>(gradient[i..]);
            var m = new Vector<float>(first[i..]) * beta1 + g * new1;
            var v = new Vector<float>(second[i..]) * beta2 + g * g * new2;
            m.CopyTo(first[i..]);
            v.CopyTo(second[i..]);
            (new Vector<float>(weight[i..]) * keep + m * rate / (Vector.SquareRoot(v) + new Vector<float>(epsilon)))
                .CopyTo(weight[i..]);
        }
        for (; i < weight.Length; i++)
        {
            first[i] = first[i] * beta1 + gradient[i] * new1;
            second[i] = second[i] * beta2 + gradient[i] * gradient[i] * new2;
            weight[i] = weight[i] * keep + first[i] * rate / (MathF.Sqrt(second[i]) + epsilon);
        }
    }
}

/// <summary>One step's numbers: Keep is what is left of the weights, Rate multiplies m/(√v + ε).</summary>
internal readonly record struct AdamFactors(double Beta1, double Beta2, double Epsilon, double Rate, double Keep);
