namespace Microsoft.ML.Tokenizers;

/// <summary>The merges by pair of ids, and their application to one piece: always the pair of lowest rank, leftmost first.</summary>
internal sealed class BpeMerges
{
    // Beyond this length the quadratic scan gives way to a queue.
    private const int ScanLimit = 96;
    private readonly Dictionary<long, (int Rank, int Merged)> _merges = [];

    public BpeMerges(IReadOnlyDictionary<string, int> vocabulary, IEnumerable<string> merges)
    {
        var rank = 0;
        foreach (var merge in merges)
        {
            var space = merge.IndexOf(' ', StringComparison.Ordinal);
            if (space < 0 || merge.IndexOf(' ', space + 1) >= 0)
                throw new InvalidOperationException($"Invalid merge '{merge}': expected two tokens and one space.");
            var (left, right) = (merge[..space], merge[(space + 1)..]);
            if (!vocabulary.TryGetValue(left, out var leftId) || !vocabulary.TryGetValue(right, out var rightId)
                || !vocabulary.TryGetValue(left + right, out var merged))
                throw new InvalidOperationException($"Invalid merge '{merge}': a part or the result is not in the vocabulary.");
            _merges.TryAdd(Pair(leftId, rightId), (rank++, merged));
        }
    }

    /// <summary>Merges a piece in place.</summary>
    /// <param name="ids">The ids of the piece's bytes.</param>
    /// <returns>How many ids remain, at the front.</returns>
    public int Apply(Span<int> ids) => ids.Length <= ScanLimit ? Scan(ids) : Queue(ids);

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;

    private int Scan(Span<int> ids)
    {
        Span<int> ranks = stackalloc int[ScanLimit];
        Span<int> merged = stackalloc int[ScanLimit];
        var count = ids.Length;
        for (var i = 0; i + 1 < count; i++) LookUp(ids, i, ranks, merged);
        while (count > 1)
        {
            var best = 0;
            for (var i = 1; i + 1 < count; i++)
                if (ranks[i] < ranks[best]) best = i;
            if (ranks[best] == int.MaxValue) break;
            ids[best] = merged[best];
            count--;
            ids[(best + 2)..(count + 1)].CopyTo(ids[(best + 1)..]);
            ranks[(best + 1)..count].CopyTo(ranks[best..]);
            merged[(best + 1)..count].CopyTo(merged[best..]);
            if (best > 0) LookUp(ids, best - 1, ranks, merged);
            if (best + 1 < count) LookUp(ids, best, ranks, merged);
        }
        return count;
    }

    private void LookUp(ReadOnlySpan<int> ids, int at, Span<int> ranks, Span<int> merged)
        => (ranks[at], merged[at]) = _merges.TryGetValue(Pair(ids[at], ids[at + 1]), out var merge) ? merge : (int.MaxValue, -1);

    // Linked symbols and a queue by (rank, position): the same order as the scan, in O(n log n).
    private int Queue(Span<int> ids)
    {
        var next = new int[ids.Length];
        var previous = new int[ids.Length];
        var queue = new PriorityQueue<(int Left, int Right, long Pair, int Merged), (int Rank, int Left)>();
        for (var i = 0; i < ids.Length; i++) (previous[i], next[i]) = (i - 1, i + 1 < ids.Length ? i + 1 : -1);
        for (var i = 0; i + 1 < ids.Length; i++) Offer(ids, i, i + 1, queue);
        while (queue.TryDequeue(out var merge, out _))
        {
            // A symbol that was merged away has id -1, one that grew has another id: either way the offer is void.
            if (ids[merge.Left] < 0 || next[merge.Left] != merge.Right || Pair(ids[merge.Left], ids[merge.Right]) != merge.Pair) continue;
            ids[merge.Left] = merge.Merged;
            ids[merge.Right] = -1;
            var after = next[merge.Left] = next[merge.Right];
            if (after >= 0)
            {
                previous[after] = merge.Left;
                Offer(ids, merge.Left, after, queue);
            }
            if (previous[merge.Left] >= 0) Offer(ids, previous[merge.Left], merge.Left, queue);
        }
        var count = 0;
        foreach (var id in ids)
            if (id >= 0) ids[count++] = id;
        return count;
    }

    private void Offer(ReadOnlySpan<int> ids, int left, int right, PriorityQueue<(int, int, long, int), (int, int)> queue)
    {
        var pair = Pair(ids[left], ids[right]);
        if (_merges.TryGetValue(pair, out var merge)) queue.Enqueue((left, right, pair, merge.Merged), (merge.Rank, left));
    }
}
