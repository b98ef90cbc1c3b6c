using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

/// <summary>A parameter as the matrices that it stands for: fused projections apart, further dimensions flattened, a
/// vector as one row.</summary>
internal static class MatrixBlocks
{
    /// <summary>Views of a tensor in the slot's shape, one per matrix; of a stack, one per block of rows.</summary>
    public static IEnumerable<Tensor> Of(ParameterSlot slot, Tensor tensor)
    {
        var (rows, columns) = Shape(slot);
        var matrix = slot.IsStack ? tensor : tensor.view(rows * slot.Parameter.RowBlocks, columns);
        for (var block = 0; block < slot.Parameter.RowBlocks; block++)
            yield return slot.Parameter.RowBlocks == 1 ? matrix : matrix.narrow(-2, block * rows, rows);
    }

    /// <summary>The shape of each of <see cref="Of"/>'s matrices, in a stack that of all its matrices; none where there
    /// are no numbers.</summary>
    public static IEnumerable<(long Rows, long Columns)> BlockShapes(ParameterSlot slot)
        => slot.ElementCount == 0 ? [] : Enumerable.Repeat(Shape(slot), slot.Parameter.RowBlocks);

    /// <summary>The shape of every matrix, those of a stack apart.</summary>
    public static IEnumerable<(long Rows, long Columns)> Shapes(ParameterSlot slot)
        => Enumerable.Repeat(BlockShapes(slot), slot.StackSize).SelectMany(shapes => shapes);

    /// <summary>The Frobenius norm of a matrix, or of each of a stack, to be broadcast over it.</summary>
    public static Tensor Norms(Tensor matrix_MN) => linalg.vector_norm(matrix_MN, 2, [-2, -1], keepdim: true);

    private static (long Rows, long Columns) Shape(ParameterSlot slot)
    {
        var rows = slot.Shape.Length < 2 ? 1 : slot.Shape[0];
        return (rows / slot.Parameter.RowBlocks, slot.ElementCount / slot.StackSize / rows);
    }
}
