using System.Runtime.InteropServices;

namespace PretrainBench.Data;

/// <summary>Counts how often each piece (see <see cref="PreTokenization"/>) occurs. Not safe for use by several
/// threads.</summary>
internal sealed class PieceCounter
{
    private static readonly PieceSplitter Splitter = new([PreTokenization.Gpt2()]);
    private readonly Dictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, long>.AlternateLookup<ReadOnlySpan<char>> _bySpan;

    public PieceCounter() => _bySpan = _counts.GetAlternateLookup<ReadOnlySpan<char>>();

    public IReadOnlyDictionary<string, long> Counts => _counts;

    /// <summary>Counts a text's pieces.</summary>
    public void Add(string text)
    {
        foreach (var (offset, length) in Splitter.PreTokenize(text))
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_bySpan, text.AsSpan(offset, length), out _)++;
        }
    }

    /// <summary>Adds another counter's counts.</summary>
    public void Add(PieceCounter other)
    {
        foreach (var (piece, count) in other._counts) _counts[piece] = _counts.GetValueOrDefault(piece) + count;
    }

    /// <summary>The pieces as bytes with their counts, ordered by their text, so that training never depends on who
    /// counted what.</summary>
    public IEnumerable<(byte[] Bytes, long Count)> Pieces()
        => _counts.OrderBy(entry => entry.Key, StringComparer.Ordinal)
            .Select(entry => (Encoding.UTF8.GetBytes(entry.Key), entry.Value));
}
