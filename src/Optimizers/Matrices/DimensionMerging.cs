namespace PretrainBench.Optimizers.Matrices;

/// <summary>How preconditioned methods reshape a tensor before they treat each dimension.</summary>
internal static class DimensionMerging
{
    /// <summary>Distributed Shampoo: dimensions of size 1 are dropped, then neighbours are merged from the last one
    /// backwards while the product is at most <paramref name="limit"/> and more than <paramref name="target"/>
    /// dimensions would remain.</summary>
    /// <param name="limit">The largest merged dimension.</param>
    /// <param name="target">Stop at this many dimensions; null leaves the shape alone.</param>
    public static long[] Backward(long[] shape, long limit, int? target)
    {
        if (shape.Contains(0)) return [0];
        if (target is null) return shape;
        long[] reversed = [.. shape.Reverse().Where(size => size != 1)];
        if (reversed.Length == 0) return [1];
        var merged = new List<long> { reversed[0] };
        for (var i = 1; i < reversed.Length; i++)
        {
            var remaining = merged.Count + reversed.Length - i;
            if (remaining > target && merged[^1] * reversed[i] <= limit) merged[^1] *= reversed[i];
            else merged.Add(reversed[i]);
        }
        merged.Reverse();
        return [.. merged];
    }

    /// <summary>SOAP's reference: neighbours are merged from the first one forwards while the product is at most
    /// <paramref name="limit"/>; a dimension that alone exceeds it stands alone, and the product starts anew behind it.
    /// Dimensions of size 1 are dropped.</summary>
    /// <param name="limit">The largest merged dimension.</param>
    public static long[] Forward(long[] shape, long limit)
    {
        var merged = new List<long>();
        long product = 1;
        foreach (var size in shape)
        {
            if (product * size <= limit)
            {
                product *= size;
                continue;
            }
            if (product > 1) merged.Add(product);
            product = size;
            if (size <= limit) continue;
            merged.Add(size);
            product = 1;
        }
        if (product > 1 || merged.Count == 0) merged.Add(product);
        return [.. merged];
    }
}
