using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace PretrainBench.Theory;

/// <summary>The few dense operations that need a real BLAS, on torch. Each runs on one thread, because a BLAS gives
/// other last bits on another number of threads; labs parallelise over cells instead, each on its own managed
/// thread.</summary>
internal static class LinearAlgebra
{
    private static readonly Lock Gate = new();
    private static int _users;
    private static int _threadsBefore;

    /// <summary>Enters one-threaded torch on this managed thread; leave it on the same thread.</summary>
    public static OneThread EnterOneThread()
    {
        lock (Gate)
        {
            if (_users++ == 0) _threadsBefore = get_num_threads();
            // OpenMP keeps the number per native thread, so every worker sets it for itself.
            set_num_threads(1);
            return default;
        }
    }

    /// <summary>Restores the number of threads when the last user leaves.</summary>
    public readonly ref struct OneThread
    {
        public void Dispose()
        {
            lock (Gate)
                if (--_users == 0) set_num_threads(_threadsBefore);
        }
    }

    public static Tensor Matrix(ReadOnlySpan<double> values, int rows, int columns)
    {
        var matrix = empty(rows, columns, dtype: float64);
        matrix.bytes = MemoryMarshal.AsBytes(values).ToArray();
        return matrix;
    }

    /// <summary>The numbers of a tensor of doubles, row by row.</summary>
    public static double[] Values(Tensor tensor)
    {
        using var dense = tensor.contiguous();
        return MemoryMarshal.Cast<byte, double>(dense.bytes).ToArray();
    }

    /// <summary>Eigenvalues of a symmetric matrix, rising, and Vᵀ · targets [size, columns].</summary>
    public static (double[] Eigenvalues, double[] Projections) EigenProjections(Tensor symmetric, Tensor targets)
    {
        var (eigenvalues, vectors) = linalg.eigh(symmetric);
        using (eigenvalues)
        using (vectors)
        using (var transposed = vectors.t())
        using (var projections = transposed.mm(targets))
        {
            return (Values(eigenvalues), Values(projections));
        }
    }
}
