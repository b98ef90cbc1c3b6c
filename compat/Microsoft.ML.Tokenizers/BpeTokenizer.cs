using System.Buffers;
using System.Collections.Concurrent;
using System.Text;

namespace Microsoft.ML.Tokenizers;

/// <summary>Byte-level byte-pair encoding. Pieces met before are looked up in a shared cache.</summary>
public sealed class BpeTokenizer : Tokenizer
{
    private const int CachedCharacters = 48;
    private const int CacheCapacity = 1 << 20;

    private readonly Dictionary<string, int> _vocabulary;
    private readonly BpeMerges _merges;
    private readonly PreTokenizer _preTokenizer;
    private readonly Normalizer? _normalizer;
    private readonly IReadOnlyDictionary<string, int>? _specialTokens;
    private readonly int[] _byteIds = new int[256];
    private readonly Dictionary<int, byte[]> _bytesOfId;
    private readonly ConcurrentDictionary<string, int[]> _cache = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int[]>.AlternateLookup<ReadOnlySpan<char>> _cached;
    private int _cachedCount;

    private BpeTokenizer(BpeOptions options, PreTokenizer preTokenizer)
    {
        _vocabulary = new Dictionary<string, int>(options.Vocabulary, StringComparer.Ordinal);
        _merges = new BpeMerges(_vocabulary, options.Merges ?? []);
        _preTokenizer = preTokenizer;
        _normalizer = options.Normalizer;
        _specialTokens = options.SpecialTokens;
        for (var value = 0; value < 256; value++)
            _byteIds[value] = _vocabulary.TryGetValue(ByteAlphabet.CharacterOf((byte)value).ToString(), out var id) ? id : -1;
        _bytesOfId = _vocabulary.ToDictionary(entry => entry.Value, entry => BytesOf(entry.Key));
        foreach (var (token, id) in _specialTokens ?? new Dictionary<string, int>()) _bytesOfId[id] = Encoding.UTF8.GetBytes(token);
        _cached = _cache.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>From token to id.</summary>
    public IReadOnlyDictionary<string, int> Vocabulary => _vocabulary;

    /// <summary>Creates a tokenizer.</summary>
    /// <param name="options">Vocabulary, merges and how text is split; byte-level, with a pre-tokenizer.</param>
    public static BpeTokenizer Create(BpeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!options.ByteLevel) throw new NotSupportedException("This stand-in for Microsoft.ML.Tokenizers supplies byte-level BPE only.");
        return new BpeTokenizer(options, options.PreTokenizer
            ?? throw new NotSupportedException("This stand-in for Microsoft.ML.Tokenizers needs an explicit pre-tokenizer."));
    }

    /// <inheritdoc/>
    public override string Decode(IEnumerable<int> ids) => DecodeIds(ids);

    private protected override string DecodeIds(IEnumerable<int> ids)
    {
        ArgumentNullException.ThrowIfNull(ids);
        var bytes = new ArrayBufferWriter<byte>();
        foreach (var id in ids)
            if (_bytesOfId.TryGetValue(id, out var token)) bytes.Write(token);
        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    private protected override List<int> Encode(string text, bool considerPreTokenization, bool considerNormalization)
    {
        if (considerNormalization && _normalizer is not null) text = _normalizer.Normalize(text);
        var ids = new List<int>(text.Length / 3 + 1);
        if (!considerPreTokenization)
            EncodePiece(text, ids);
        else
            foreach (var (offset, length) in _preTokenizer.PreTokenize(text)) EncodePiece(text.AsSpan(offset, length), ids);
        return ids;
    }

    private void EncodePiece(ReadOnlySpan<char> piece, List<int> ids)
    {
        if (piece.Length > CachedCharacters)
        {
            ids.AddRange(Merge(piece));
            return;
        }
        if (!_cached.TryGetValue(piece, out var known))
        {
            known = Merge(piece).ToArray();
            if (_cachedCount < CacheCapacity && _cached.TryAdd(piece, known)) Interlocked.Increment(ref _cachedCount);
        }
        if (known.Length == 1) ids.Add(known[0]);
        else ids.AddRange(known.AsSpan());
    }

    private ReadOnlySpan<int> Merge(ReadOnlySpan<char> piece)
    {
        if (_specialTokens is not null && _specialTokens.TryGetValue(piece.ToString(), out var special)) return new[] { special };
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(piece.Length)];
        var length = Encoding.UTF8.GetBytes(piece, bytes);
        var ids = new int[length];
        var count = 0;
        foreach (var value in bytes.AsSpan(0, length))
            if (_byteIds[value] >= 0) ids[count++] = _byteIds[value];
        return ids.AsSpan(0, _merges.Apply(ids.AsSpan(0, count)));
    }

    // A token outside the byte alphabet (an added token written as plain text) stands for its own UTF-8 bytes.
    private static byte[] BytesOf(string token)
        => token.All(character => ByteAlphabet.ByteOf(character) >= 0)
            ? [.. token.Select(character => (byte)ByteAlphabet.ByteOf(character))]
            : Encoding.UTF8.GetBytes(token);
}
