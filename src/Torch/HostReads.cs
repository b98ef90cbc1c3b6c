using static TorchSharp.torch;

namespace PretrainBench.Torch;

/// <summary>Numbers read from tensors. On an accelerator each read waits until everything before it is done, and the
/// device then waits for the processor to hand it more; so a training step has none, which tests count. Nothing outside
/// this room reads a tensor in another way (src/BannedSymbols.HostReads.txt).</summary>
public static class HostReads
{
    private static long _count;

    /// <summary>How many numbers have been read in this process.</summary>
    public static long Count => Interlocked.Read(ref _count);

    /// <summary>The number of a scalar tensor.</summary>
    public static double ReadNumber(this Tensor scalar)
    {
        Interlocked.Increment(ref _count);
        return Number(scalar);
    }

    // Without TorchSharp's Scalar, which is a native object with a finalizer.
    internal static double Number(Tensor scalar)
    {
        using var exact = scalar.to_type(ScalarType.Float64);
        return exact.item<double>();
    }
}
