using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace PretrainBench.Torch;

/// <summary>Numbers that are read some time after they were computed, without waiting for what was computed since. On
/// CUDA a copy into pinned memory begins at once; reading waits for that copy alone.</summary>
public sealed class LateNumbers : IDisposable
{
    // A NaN that no operation yields: where it still stands the copy has not come in.
    private const int Missing = 0x7FD5_AA55;

    private readonly Tensor _numbers;

    /// <summary>Begins to copy.</summary>
    /// <param name="scalars">Scalar tensors of one device, in 32 bits.</param>
    public LateNumbers(params Tensor[] scalars)
    {
        using var scope = NewDisposeScope();
        using var recording = no_grad();
        var together = stack(scalars);
        _numbers = together;
        if (together.is_cuda)
        {
            _numbers = empty(together.shape, dtype: ScalarType.Float32).pin_memory();
            Words(_numbers).Fill(Missing);
            _numbers.copy_(together, nonBlocking: true);
        }
        _numbers.DetachFromDisposeScope();
    }

    /// <summary>The numbers, in order.</summary>
    public double[] Read()
    {
        for (var spin = new SpinWait(); Words(_numbers).Contains(Missing);) spin.SpinOnce(sleep1Threshold: -1);
        return [.. _numbers.Numbers().ToArray().Select(number => (double)number)];
    }

    /// <inheritdoc/>
    public void Dispose() => _numbers.Dispose();

    private static Span<int> Words(Tensor numbers) => MemoryMarshal.Cast<float, int>(numbers.Numbers());
}
