using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

/// <summary>Splits a tensor into blocks of at most a given size along every dimension; the last block of a dimension
/// may be smaller.</summary>
internal static class TensorBlocks
{
    /// <summary>Views of the blocks, the first dimension outermost.</summary>
    /// <param name="size">The largest extent of a block.</param>
    /// <param name="first">The first dimension to split: 1 in a stack.</param>
    public static IReadOnlyList<Tensor> Split(Tensor tensor, long size, int first = 0)
    {
        IEnumerable<Tensor> blocks = [tensor];
        for (var dimension = first; dimension < tensor.Dimensions; dimension++)
        {
            var along = dimension;
            blocks = blocks.SelectMany(block => Along(block, along, size));
        }
        return [.. blocks];
    }

    private static IEnumerable<Tensor> Along(Tensor block, int dimension, long size)
    {
        var extent = block.size(dimension);
        for (long start = 0; start < extent; start += size)
            yield return extent <= size ? block : block.narrow(dimension, start, Math.Min(size, extent - start));
    }
}
