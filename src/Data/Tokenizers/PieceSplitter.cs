using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace PretrainBench.Data;

/// <summary>Cuts a text into the pieces within which bytes are merged: around added tokens, then by one pattern after
/// the other, into what it matches and what lies between.</summary>
/// <remarks>Patterns see characters, as Python's and Rust's do, where .NET's see UTF-16 units: a character beyond
/// U+FFFF is matched as another of its category.</remarks>
internal sealed class PieceSplitter(Regex[] patterns, IEnumerable<string>? added = null) : PreTokenizer
{
    /// <summary>One character below U+FFFF of each <see cref="System.Globalization.UnicodeCategory"/>, in that order;
    /// private use for surrogates.</summary>
    internal const string OneOfEachCategory =
        "\u00C0\u00E0\u01C5\u02B0\u01BB\u0300\u0903\u0488\u0660\u16EE\u00B2\u2003\u2028\u2029\u0080\u00AD"
        + "\uE000\uE000\u203F\u2010\u2045\u2046\u00AB\u00BB\u00A1\u00B1\u00A2\u00A8\u00A6\u0378";

    // The first alternative that fits is taken.
    private readonly string _added = string.Join('|',
        (added ?? []).OrderByDescending(token => token.Length).Select(Regex.Escape));

    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text)
    {
        var pieces = new List<(int, int)>();
        var at = 0;
        if (_added.Length > 0)
        {
            foreach (var match in Regex.EnumerateMatches(text, _added, RegexOptions.CultureInvariant))
            {
                Add(text.AsSpan(at, match.Index - at), at, pieces);
                pieces.Add((match.Index, match.Length));
                at = match.Index + match.Length;
            }
        }
        Add(text.AsSpan(at), at, pieces);
        return pieces;
    }

    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
        => PreTokenize(text.ToString());

    private void Add(ReadOnlySpan<char> text, int offset, List<(int Offset, int Length)> pieces)
    {
        if (!text.ContainsAnyInRange('\uD800', '\uDFFF'))
        {
            Cut(text, offset, 0, pieces);
            return;
        }
        var (seen, places, cut) = (new StringBuilder(text.Length), new List<int>(), new List<(int, int)>());
        for (int at = 0, length; at < text.Length; at += length)
        {
            places.Add(offset + at);
            Rune.DecodeFromUtf16(text[at..], out var rune, out length);
            seen.Append(length == 2 ? OneOfEachCategory[(int)Rune.GetUnicodeCategory(rune)] : text[at]);
        }
        places.Add(offset + text.Length);
        Cut(seen.ToString(), 0, 0, cut);
        foreach (var (start, length) in cut) pieces.Add((places[start], places[start + length] - places[start]));
    }

    private void Cut(ReadOnlySpan<char> text, int offset, int step, List<(int, int)> pieces)
    {
        if (text.IsEmpty) return;
        if (step == patterns.Length)
        {
            pieces.Add((offset, text.Length));
            return;
        }
        var at = 0;
        foreach (var match in patterns[step].EnumerateMatches(text))
        {
            Cut(text[at..match.Index], offset + at, step + 1, pieces);
            Cut(text.Slice(match.Index, match.Length), offset + match.Index, step + 1, pieces);
            at = match.Index + match.Length;
        }
        Cut(text[at..], offset + at, step + 1, pieces);
    }
}
