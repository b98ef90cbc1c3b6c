namespace PretrainBench.Data;

/// <summary>The order in which training sequences are shown. It depends on the data seed alone: every optimizer and
/// every batch size sees the same sequences in the same order. Each epoch shows every sequence once, in an order of its
/// own.</summary>
internal sealed class BatchOrder
{
    private readonly ulong _seed;
    private SeededPermutation _permutation;
    private long _epoch;

    public BatchOrder(long sequenceCount, ulong dataSeed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(sequenceCount);
        SequenceCount = sequenceCount;
        _seed = dataSeed;
        _permutation = Permutation(0);
    }

    /// <summary>How many sequences an epoch has.</summary>
    public long SequenceCount { get; }

    /// <summary>Which sequence is shown at a position, in constant time wherever the position is. Not safe for use by
    /// several threads.</summary>
    public long SequenceAt(long position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        var (epoch, place) = Math.DivRem(position, SequenceCount);
        if (epoch != _epoch) (_permutation, _epoch) = (Permutation(epoch), epoch);
        return _permutation.At(place);
    }

    private SeededPermutation Permutation(long epoch)
        => new(SequenceCount, SeedSequence.Derive(_seed, "data order", epoch));
}
