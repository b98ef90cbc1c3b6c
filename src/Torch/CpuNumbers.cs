using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace PretrainBench.Torch;

/// <summary>Tensors' memory for loops of our own, which take one pass where torch's operators take several.</summary>
public static class CpuNumbers
{
    /// <summary>Whether all of them are 32-bit numbers side by side in the CPU's memory.</summary>
    public static bool Serve(params ReadOnlySpan<Tensor> tensors)
    {
        foreach (var tensor in tensors)
            if (!tensor.is_cpu() || tensor.dtype != ScalarType.Float32 || !tensor.is_contiguous()
                || tensor.numel() > int.MaxValue / sizeof(float))
                return false;
        return true;
    }

    /// <summary>The numbers themselves, row by row; valid while the tensor lives. See <see cref="Serve"/>.</summary>
    public static Span<float> Numbers(this Tensor tensor) => MemoryMarshal.Cast<byte, float>(tensor.bytes);
}
