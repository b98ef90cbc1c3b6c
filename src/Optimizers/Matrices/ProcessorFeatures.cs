using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

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
