using System.Runtime.InteropServices;

namespace PretrainBench.Data;

/// <summary>Learns byte-pair merges: again and again, the pair of neighbouring tokens that occurs most often becomes a
/// token (Sennrich et al. 2016, arXiv:1508.07909, on bytes as in GPT-2). Among equally frequent pairs the one whose
/// bytes come first wins, so the result depends on the counts alone.</summary>
/// <remarks>Counts of pairs are kept up to date and only pieces that hold the merged pair are touched. The queue may
/// hold outdated counts; a pair that comes up with one is put back with its present count.</remarks>
internal sealed class BpeTrainer
{
    /// <summary>A pair that occurs only once in the whole corpus is not worth a token.</summary>
    internal const long MinimumCount = 2;

    private readonly List<byte[]> _tokens = [.. Enumerable.Range(0, 256).Select(value => new[] { (byte)value })];
    private readonly Dictionary<string, int> _ids = new(StringComparer.Ordinal);
    private readonly List<int[]> _words = [];
    private readonly List<long> _wordCounts = [];
    private readonly Dictionary<long, long> _pairCounts = [];
    private readonly Dictionary<long, List<int>> _pairWords = [];
    private readonly PriorityQueue<long, (long Count, long Pair)> _queue;
    private readonly HashSet<long> _grown = [];

    private BpeTrainer()
    {
        _queue = new PriorityQueue<long, (long Count, long Pair)>(Comparer<(long Count, long Pair)>.Create(Compare));
        for (var value = 0; value < 256; value++) _ids[ByteAlphabet.Write(_tokens[value])] = value;
    }

    /// <summary>Learns merges until there are as many tokens as wanted.</summary>
    /// <param name="pieces">The corpus's pieces and how often each occurs, in a fixed order.</param>
    /// <param name="tokenCount">Tokens wanted, the 256 bytes included.</param>
    /// <param name="progress">Told the number of tokens so far.</param>
    /// <param name="cancellation">Stops the training.</param>
    /// <returns>All tokens' bytes by id (ids 0 to 255 are the bytes), and the merges in order as pairs of
    /// ids.</returns>
    /// <exception cref="UserException">The corpus has too few repeated pairs for that many tokens.</exception>
    public static (IReadOnlyList<byte[]> Tokens, IReadOnlyList<(int Left, int Right)> Merges) Train(
        IEnumerable<(byte[] Bytes, long Count)> pieces, int tokenCount, Action<int>? progress,
        CancellationToken cancellation)
    {
        var trainer = new BpeTrainer();
        trainer.Load(pieces);
        var merges = new List<(int Left, int Right)>();
        while (trainer._tokens.Count < tokenCount)
        {
            cancellation.ThrowIfCancellationRequested();
            if (!trainer.TryNext(out var pair))
                throw new UserException($"vocabulary_size: this corpus supports at most {trainer._tokens.Count} "
                    + $"byte-pair tokens, not {tokenCount}; choose a smaller vocabulary or more text");
            merges.Add((Left(pair), Right(pair)));
            trainer.Merge(pair);
            progress?.Invoke(trainer._tokens.Count);
        }
        return (trainer._tokens, merges);
    }

    private static long Pair(int left, int right) => ((long)left << 32) | (uint)right;
    private static int Left(long pair) => (int)(pair >> 32);
    private static int Right(long pair) => (int)pair;

    private int Compare((long Count, long Pair) a, (long Count, long Pair) b)
    {
        if (a.Count != b.Count) return b.Count.CompareTo(a.Count);
        var left = _tokens[Left(a.Pair)].AsSpan().SequenceCompareTo(_tokens[Left(b.Pair)]);
        return left != 0 ? left : _tokens[Right(a.Pair)].AsSpan().SequenceCompareTo(_tokens[Right(b.Pair)]);
    }

    private void Load(IEnumerable<(byte[] Bytes, long Count)> pieces)
    {
        foreach (var (bytes, count) in pieces)
        {
            if (bytes.Length < 2) continue;
            var word = Array.ConvertAll(bytes, value => (int)value);
            for (var i = 0; i + 1 < word.Length; i++) Change(Pair(word[i], word[i + 1]), count, _words.Count);
            _words.Add(word);
            _wordCounts.Add(count);
        }
        _grown.Clear();
        foreach (var (pair, count) in _pairCounts) _queue.Enqueue(pair, (count, pair));
    }

    private bool TryNext(out long pair)
    {
        while (_queue.TryDequeue(out pair, out var priority))
        {
            var count = _pairCounts.GetValueOrDefault(pair);
            if (count < MinimumCount) continue;
            if (count == priority.Count) return true;
            if (count < priority.Count) _queue.Enqueue(pair, (count, pair));
            // Otherwise the pair has grown since, and waits in the queue with the larger count.
        }
        return false;
    }

    private void Merge(long pair)
    {
        var merged = Intern([.. _tokens[Left(pair)], .. _tokens[Right(pair)]]);
        var words = _pairWords[pair];
        _pairWords.Remove(pair);
        _grown.Clear();
        var last = -1;
        foreach (var word in words.Order())
        {
            if (word == last) continue;
            last = word;
            MergeWord(word, pair, merged);
        }
        _pairCounts.Remove(pair);
        foreach (var grown in _grown)
            if (_pairCounts.TryGetValue(grown, out var count)) _queue.Enqueue(grown, (count, grown));
    }

    // Two ways of cutting the same bytes are one token, as in every vocabulary that is a dictionary of texts.
    private int Intern(byte[] bytes)
    {
        var text = ByteAlphabet.Write(bytes);
        if (_ids.TryGetValue(text, out var id)) return id;
        _ids[text] = _tokens.Count;
        _tokens.Add(bytes);
        return _tokens.Count - 1;
    }

    private void MergeWord(int index, long pair, int merged)
    {
        var word = _words[index];
        var count = _wordCounts[index];
        var length = 0;
        for (var i = 0; i < word.Length; i++)
        {
            if (i + 1 == word.Length || Pair(word[i], word[i + 1]) != pair)
            {
                word[length++] = word[i];
                continue;
            }
            if (length > 0)
            {
                Change(Pair(word[length - 1], word[i]), -count, index);
                Change(Pair(word[length - 1], merged), count, index);
            }
            if (i + 2 < word.Length)
            {
                Change(Pair(word[i + 1], word[i + 2]), -count, index);
                Change(Pair(merged, word[i + 2]), count, index);
            }
            word[length++] = merged;
            i++;
        }
        if (length < word.Length) _words[index] = word[..length];
    }

    private void Change(long pair, long by, int word)
    {
        ref var count = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairCounts, pair, out _);
        count += by;
        if (by < 0) return;
        _grown.Add(pair);
        ref var words = ref CollectionsMarshal.GetValueRefOrAddDefault(_pairWords, pair, out _);
        words ??= [];
        if (words.Count == 0 || words[^1] != word) words.Add(word);
    }
}
