using System.Collections.Concurrent;
using System.Globalization;
using static TorchSharp.torch;

namespace PretrainBench.Torch;

/// <summary>Operators of libtorch that TorchSharp does not bind, called through TorchScript: the same on every device,
/// gradients included. A source that does not compile ends the process, so that a test calls every function.</summary>
public static class Operators
{
    // Compiled at first use, after libtorch has been prepared; never freed, as the program's own code. The number
    // stands in the source: handed over as an argument it could be freed in use (see CollectionPause).
    private static readonly ConcurrentDictionary<double, Lazy<jit.CompilationUnit>> RmsNorms = new(), Clippings = new();

    // Slices of one list would not do: what is changed through them is dropped when the script is optimised.
    private static readonly Lazy<jit.CompilationUnit> FusedStep = new(static () => jit.compile("""
        def fused_step(weights: List[Tensor], gradients: List[Tensor], first: List[Tensor], second: List[Tensor],
                largest: List[Tensor], steps: List[Tensor],
                rate: float, beta1: float, beta2: float, epsilon: float, decay: float):
            torch._fused_adamw_(weights, gradients, first, second, largest, steps, lr=rate, beta1=beta1, beta2=beta2,
                weight_decay=decay, eps=epsilon, amsgrad=len(largest) > 0, maximize=False)
            return weights[0]

        """));

    private static readonly Lazy<jit.CompilationUnit> Same = new(static () => jit.compile("""
        def is_same(a, b):
            return torch.tensor(a.is_set_to(b))

        """));

    // As in other frameworks, so that a norm of 0 divides nothing by 0.
    private const double LeastNorm = 1e-6;

    /// <summary>
    /// gain · x / sqrt(mean(x²) + ε) over the last dimension (RMSNorm, arXiv 1910.07467); shape as x.
    /// </summary>
    /// <param name="x">[…, width].</param>
    /// <param name="gain">[width].</param>
    /// <param name="epsilon">ε.</param>
    public static Tensor RmsNorm(Tensor x, Tensor gain, double epsilon)
        => RmsNorms.GetOrAdd(epsilon, static value => new(() => CompileRmsNorm(value))).Value
            .invoke<Tensor>("rms_norm", x, gain);

    /// <summary>Scales all tensors together by min(1, bound / norm), where the norm is that of all their numbers, and
    /// returns that norm, a scalar tensor on their device. Nothing is read: a factor of one is multiplied as well,
    /// which changes no bit.</summary>
    /// <param name="tensors">At least one; changed in place.</param>
    /// <param name="bound">The largest norm; 0 to leave the tensors alone.</param>
    public static Tensor ClipTogether(Tensor[] tensors, double bound)
    {
        using var recording = no_grad();
        return Clippings.GetOrAdd(bound, static value => new(() => CompileClipping(value))).Value
            .invoke<Tensor>("clip_together", (object)tensors);
    }

    /// <summary>AdamW's step in one operator, t counted from 1: decay of the weights by rate·decay, the moments, and
    /// W ← W − rate · m/(1−β₁ᵗ) / (√(v/(1−β₂ᵗ)) + ε).</summary>
    /// <param name="state">Changed in place: the weights, the moments, and the largest second moment so far or
    /// null.</param>
    /// <param name="step">t.</param>
    public static void FusedAdam((Tensor Weight, Tensor First, Tensor Second, Tensor? Largest) state, Tensor gradient,
        double step, (double Rate, double Beta1, double Beta2, double Epsilon, double Decay) settings)
    {
        using var recording = no_grad();
        using var step_1 = full(Array.Empty<long>(), step, dtype: ScalarType.Float32, device: state.Weight.device);
        Tensor[] largest = state.Largest is null ? [] : [state.Largest];
        FusedStep.Value.invoke<Tensor>("fused_step", new[] { state.Weight }, new[] { gradient }, new[] { state.First },
            new[] { state.Second }, largest, new[] { step_1 }, settings.Rate, settings.Beta1, settings.Beta2,
            settings.Epsilon, settings.Decay).Dispose();
    }

    /// <summary>Whether two objects stand for one tensor: the same numbers in the same place.</summary>
    public static bool IsSame(Tensor a, Tensor b)
    {
        if (!a.shape.SequenceEqual(b.shape)) return false;
        using var same = Same.Value.invoke<Tensor>("is_same", a, b);
        return same.item<bool>();
    }

    private static jit.CompilationUnit CompileClipping(double bound) => jit.compile(string.Create(
        CultureInfo.InvariantCulture, $"""
        def clip_together(tensors: List[Tensor]):
            norm = torch.linalg_vector_norm(torch.stack(torch._foreach_norm(tensors)))
            {(bound > 0
                ? $"torch._foreach_mul_(tensors, torch.clamp({bound:E17} / (norm + {LeastNorm:E17}), max=1.0))"
                : "pass")}
            return norm

        """));

    private static jit.CompilationUnit CompileRmsNorm(double epsilon) => jit.compile(string.Create(
        CultureInfo.InvariantCulture, $"""
        def rms_norm(x, gain):
            return torch.rms_norm(x, [x.size(-1)], gain, {epsilon:E17})

        """));
}
