using PretrainBench.Core.Configuration;
using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

/// <summary>How ε keeps the norm of a Newton–Schulz start from zero.</summary>
public enum NormGuard
{
    /// <summary>X/(‖u‖ + ε).</summary>
    Add,

    /// <summary>X/max(‖u‖, ε).</summary>
    Maximum,
}

/// <summary>The number type of a Newton–Schulz iteration.</summary>
public enum IterationType
{
    /// <summary>bfloat16 where the device multiplies it fast (CUDA; AMX or AVX512-BF16), else float32; a float64
    /// parameter stays so.</summary>
    Auto,

    /// <summary>The parameter's own (float32 for parameters of lower precision).</summary>
    Parameter,

    /// <summary>float32.</summary>
    Fp32,

    /// <summary>bfloat16: about 6 % off in Frobenius norm, as in the reference implementations.</summary>
    Bf16,
}

/// <summary>Settings of the Newton–Schulz iteration of <see cref="NewtonSchulz"/>.</summary>
public sealed record OrthogonalisationOptions : IValidated
{
    // Measured on one core with AVX512-BF16: bfloat16 stacks take a sixth of the time at 32 × 32, six tenths at 128 ×
    // 128, eight at 128 × 352, and more at 256 × 256; float32 stacks take longer at every size from 128 on.
    private const long SmallOnCpu = 1 << 16;

    /// <summary>The polynomials of the iteration: Jordan.</summary>
    public CoefficientSet Coefficients { get; init; } = CoefficientSet.Quintic;

    /// <summary>Own polynomials in place of <see cref="Coefficients"/>: a, b, c of the first step, then of the next;
    /// the last triple is repeated. Empty for none.</summary>
    public IReadOnlyList<double> CustomCoefficients { get; init; } = [];

    /// <summary>Polynomials that are applied: Jordan; convergent sets need 10 and more.</summary>
    public int Steps { get; init; } = 5;

    /// <summary>Keeps the norm from zero; null for the set's own (1e-7; Polar Express 1e-6).</summary>
    public double? Epsilon { get; init; }

    /// <summary>How ε enters: Jordan.</summary>
    public NormGuard NormGuard { get; init; } = NormGuard.Add;

    /// <summary>What the Frobenius norm is multiplied by; null for the set's own (1; Polar Express 1.02).</summary>
    public double? NormFactor { get; init; }

    /// <summary>The number type that is iterated in.</summary>
    public IterationType IterationType { get; init; } = IterationType.Auto;

    private bool IsPolarExpress => CustomCoefficients.Count == 0 && Coefficients == CoefficientSet.PolarExpress;

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Steps < 1) yield return (nameof(Steps), "must be at least 1");
        if (CustomCoefficients.Count % 3 != 0) yield return (nameof(CustomCoefficients), "must be triples a, b, c");
        if (Epsilon <= 0) yield return (nameof(Epsilon), "must be greater than 0");
        if (NormFactor <= 0) yield return (nameof(NormFactor), "must be greater than 0");
    }

    internal double ResolvedEpsilon => Epsilon ?? (IsPolarExpress ? 1e-6 : 1e-7);

    internal double ResolvedNormFactor => NormFactor ?? (IsPolarExpress ? 1.02 : 1);

    /// <summary>Whether a stack of matrices like this one is iterated faster than one after the other: on GPUs, and
    /// small matrices in bfloat16 on CPUs.</summary>
    internal bool IsFasterStacked(Tensor matrix)
        => matrix.is_cuda || (matrix.numel() < SmallOnCpu && TypeFor(matrix) == ScalarType.BFloat16);

    internal (double A, double B, double C) Triple(int step)
    {
        if (CustomCoefficients.Count == 0)
        {
            var set = CoefficientSets.Of(Coefficients);
            return set[Math.Min(step, set.Count - 1)];
        }
        var at = 3 * Math.Min(step, CustomCoefficients.Count / 3 - 1);
        return (CustomCoefficients[at], CustomCoefficients[at + 1], CustomCoefficients[at + 2]);
    }

    internal ScalarType TypeFor(Tensor tensor) => IterationType switch
    {
        IterationType.Fp32 => ScalarType.Float32,
        IterationType.Bf16 => ScalarType.BFloat16,
        IterationType.Auto when tensor.dtype == ScalarType.Float32
            && ProcessorFeatures.MultipliesBfloat16Fast(tensor) => ScalarType.BFloat16,
        _ => tensor.dtype,
    };
}

/// <summary>What the machine multiplies fast.</summary>
internal static class ProcessorFeatures
{
    private static readonly Lazy<bool> HasBfloat16Products = new(() => FlagsOfProcessor() is var flags
        && (flags.Contains("amx_bf16") || flags.Contains("avx512_bf16")));

    public static bool MultipliesBfloat16Fast(Tensor tensor)
        => tensor.device_type == DeviceType.CUDA || HasBfloat16Products.Value;

    private static HashSet<string> FlagsOfProcessor()
    {
        const string Path = "/proc/cpuinfo";
        var line = File.Exists(Path)
            ? File.ReadLines(Path).FirstOrDefault(text => text.StartsWith("flags", StringComparison.Ordinal))
            : null;
        return [.. (line ?? "").Split(' ')];
    }
}
