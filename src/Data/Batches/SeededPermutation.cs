namespace PretrainBench.Data;

/// <summary>A pseudo-random permutation of 0 … count-1 that needs no table: any place is found in constant time. A
/// Feistel network permutes the next larger power of four; results beyond the count are permuted again until one is
/// within ("cycle walking", Black and Rogaway 2002), fewer than four times on average.</summary>
internal sealed class SeededPermutation
{
    private const int Rounds = 8;
    private readonly ulong _seed;
    private readonly ulong _count;
    private readonly int _halfBits;
    private readonly ulong _halfMask;

    public SeededPermutation(long count, ulong seed)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(count);
        _count = (ulong)count;
        _seed = seed;
        _halfBits = Math.Max(1, (64 - System.Numerics.BitOperations.LeadingZeroCount(_count - 1) + 1) / 2);
        _halfMask = (1UL << _halfBits) - 1;
    }

    /// <summary>The element at a place from 0 to count-1.</summary>
    public long At(long place)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(place);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)place, _count, nameof(place));
        var value = (ulong)place;
        do value = Feistel(value); while (value >= _count);
        return (long)value;
    }

    private ulong Feistel(ulong value)
    {
        var left = value >> _halfBits;
        var right = value & _halfMask;
        for (var round = 0; round < Rounds; round++)
            (left, right) = (right, left ^ (Mix(right, round) & _halfMask));
        return (left << _halfBits) | right;
    }

    // The finaliser of SplitMix64 (Steele, Lea and Flood 2014), keyed by seed and round.
    private ulong Mix(ulong value, int round)
    {
        var z = value + _seed + ((ulong)(round + 1) * 0x9E3779B97F4A7C15UL);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBUL;
        return z ^ (z >> 31);
    }
}
