namespace PretrainBench.Data;

/// <summary>One side of a prepared dataset as one long row of tokens, read from memory-mapped shards. Safe for several
/// threads.</summary>
public sealed class TokenSplit : IDisposable
{
    private readonly MappedShard[] _shards;
    private readonly long[] _starts;

    internal TokenSplit(SplitManifest manifest, IEnumerable<MappedShard> shards)
    {
        Manifest = manifest;
        _shards = [.. shards];
        _starts = new long[_shards.Length + 1];
        for (var i = 0; i < _shards.Length; i++) _starts[i + 1] = _starts[i] + _shards[i].TokenCount;
    }

    /// <summary>Counts of documents, tokens and bytes.</summary>
    public SplitManifest Manifest { get; }

    /// <summary>How many tokens there are, separators included.</summary>
    public long TokenCount => Manifest.Tokens;

    /// <summary>Copies neighbouring tokens.</summary>
    /// <param name="start">The first token's place.</param>
    /// <param name="tokens">Filled completely.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range is not within the split.</exception>
    public void Read(long start, Span<int> tokens)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(start, TokenCount - tokens.Length);
        var shard = Array.BinarySearch(_starts, start);
        if (shard < 0) shard = ~shard - 1;
        while (!tokens.IsEmpty)
        {
            var within = start - _starts[shard];
            var count = (int)Math.Min(tokens.Length, _shards[shard].TokenCount - within);
            _shards[shard].Read(within, tokens[..count]);
            tokens = tokens[count..];
            start += count;
            shard++;
        }
    }

    public void Dispose()
    {
        foreach (var shard in _shards) shard.Dispose();
    }
}
