using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

/// <summary>Products along single axes of a tensor of any order; for matrices these are ordinary products without
/// copies.</summary>
internal static class TensorAxes
{
    // Below this, strips are too narrow to multiply fast.
    private const long SmallestStripped = 512;

    /// <summary>The last dimensions, counted from the end: those of one matrix, in a stack or not.</summary>
    public static long[] Last(int count) => [.. Enumerable.Range(1, count).Select(i => -i)];

    /// <summary>The tensor as a matrix whose rows run along one axis.</summary>
    public static Tensor Unfold(Tensor tensor, int axis)
        => Unfold(tensor, axis, 0);

    private static Tensor Unfold(Tensor tensor, int axis, int stacks)
        => (tensor.Dimensions - stacks) switch
        {
            1 => tensor.unsqueeze(-1),
            2 => axis == 0 ? tensor : tensor.mT,
            _ => tensor.transpose(0, axis).reshape(tensor.size(axis), -1),
        };

    /// <summary>target ← keep·target + add·G₍ₖ₎G₍ₖ₎ᵀ. Of a large target on the CPU only the blocks on and above the
    /// diagonal are kept up to date, which saves three eighths of the product; call <see cref="Complete"/> before using
    /// it.</summary>
    public static void AccumulateGram(Tensor target_DD, Tensor tensor, int axis, double keep, double add)
    {
        using var scope = NewDisposeScope();
        var unfolded = Unfold(tensor, axis, Stacks(target_DD));
        foreach (var (start, count, rest) in Strips(target_DD))
            Accumulate(target_DD.narrow(-2, start, count).narrow(-1, start, count + rest),
                unfolded.narrow(-2, start, count),
                unfolded.narrow(-2, start, count + rest).mT, keep, add);
    }

    /// <summary>Fills the blocks below the diagonal from those above it.</summary>
    public static void Complete(Tensor target_DD)
    {
        using var scope = NewDisposeScope();
        foreach (var (start, count, rest) in Strips(target_DD))
            if (rest > 0)
                target_DD.narrow(-2, start + count, rest).narrow(-1, start,
                    count).copy_(target_DD.narrow(-2, start, count).narrow(-1, start + count, rest).mT);
    }

    /// <summary>Takes the entries along one axis in another order.</summary>
    /// <param name="order_D">The order, or one for each matrix of a stack.</param>
    public static Tensor Reorder(Tensor tensor, int axis, Tensor order_D)
    {
        var stacks = (int)order_D.Dimensions - 1;
        if (stacks == 0) return tensor.index_select(axis, order_D);
        long[] shape = [tensor.size(0), .. Enumerable.Range(1, (int)tensor.Dimensions - 1)
            .Select(dimension => dimension == stacks + axis ? order_D.size(-1) : 1)];
        return tensor.take_along_dim(order_D.view(shape), stacks + axis);
    }

    // Dimensions in front of a matrix: 1 in a stack.
    private static int Stacks(Tensor matrix_DD) => (int)matrix_DD.Dimensions - 2;

    private static void Accumulate(Tensor target, Tensor left, Tensor right, double keep, double add)
    {
        if (target.dtype == ScalarType.Float64 || target.Dimensions > 2)
            target.mul_(keep).add_(left.matmul(right), add);
        else target.addmm_(left, right, (float)keep, (float)add);
    }

    // Where each strip of rows starts, how many it has and how many follow; one strip for small matrices.
    private static IEnumerable<(long Start, long Count, long Following)> Strips(Tensor target_DD)
    {
        var size = target_DD.size(-1);
        var strip = size >= SmallestStripped && target_DD.is_cpu() ? (size + 3) / 4 : size;
        for (long start = 0; start < size; start += strip)
        {
            var count = Math.Min(strip, size - start);
            yield return (start, count, size - start - count);
        }
    }

    /// <summary>Multiplies along one axis: out[.., j, ..] = Σᵢ in[.., i, ..]·M[i, j], or M[j, i] when
    /// transposed.</summary>
    public static Tensor Multiply(Tensor tensor, int axis, Tensor matrix_DD, bool transposed = false)
    {
        var (fromLeft_DD, fromRight_DD) = transposed ? (matrix_DD, matrix_DD.mT) : (matrix_DD.mT, matrix_DD);
        var dimensions = tensor.Dimensions - Stacks(matrix_DD);
        if (dimensions == 2) return axis == 0 ? fromLeft_DD.matmul(tensor) : tensor.matmul(fromRight_DD);
        using var scope = NewDisposeScope();
        if (dimensions == 1) return fromLeft_DD.matmul(tensor.unsqueeze(-1)).squeeze(-1).MoveToOuterDisposeScope();
        var last = tensor.transpose(axis, -1);
        return last.matmul(fromRight_DD).transpose(axis, -1).contiguous()
            .MoveToOuterDisposeScope();
    }

    /// <summary>Multiplies along every axis that has a matrix; null leaves an axis alone.</summary>
    public static Tensor MultiplyAll(Tensor tensor, IReadOnlyList<Tensor?> matrices, bool transposed = false)
    {
        using var scope = NewDisposeScope();
        var result = tensor;
        for (var axis = 0; axis < matrices.Count; axis++)
            if (matrices[axis] is { } matrix_DD) result = Multiply(result, axis, matrix_DD, transposed);
        return ReferenceEquals(result, tensor) ? tensor : result.MoveToOuterDisposeScope();
    }
}
