using System.Text.RegularExpressions;

namespace Microsoft.ML.Tokenizers;

/// <summary>
/// Splits by a regular expression; what it does not match is dropped. Special tokens are found first, in the order of the
/// dictionary, and become pieces of their own.
/// </summary>
public sealed class RegexPreTokenizer : PreTokenizer
{
    private readonly Regex _regex;
    private readonly Regex? _special;

    /// <summary>Creates a pre-tokenizer.</summary>
    /// <param name="regex">Matches every piece.</param>
    /// <param name="specialTokens">Special tokens to isolate, or null.</param>
    public RegexPreTokenizer(Regex regex, IReadOnlyDictionary<string, int>? specialTokens)
    {
        ArgumentNullException.ThrowIfNull(regex);
        _regex = regex;
        if (specialTokens is { Count: > 0 })
            _special = new Regex(string.Join('|', specialTokens.Keys.Select(Regex.Escape)), RegexOptions.Compiled);
    }

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(string text) => PreTokenize(text.AsSpan());

    /// <inheritdoc/>
    public override IEnumerable<(int Offset, int Length)> PreTokenize(ReadOnlySpan<char> text)
    {
        var pieces = new List<(int Offset, int Length)>(text.Length / 4 + 1);
        Split(text, pieces);
        return pieces;
    }

    internal void Split(ReadOnlySpan<char> text, List<(int Offset, int Length)> pieces)
    {
        var from = 0;
        if (_special is not null)
        {
            foreach (var special in _special.EnumerateMatches(text))
            {
                // Cut out, so that the expression sees the special token as the end of its text.
                SplitOrdinary(text[from..special.Index], from, pieces);
                pieces.Add((special.Index, special.Length));
                from = special.Index + special.Length;
            }
        }
        SplitOrdinary(text[from..], from, pieces);
    }

    private void SplitOrdinary(ReadOnlySpan<char> text, int offset, List<(int Offset, int Length)> pieces)
    {
        foreach (var match in _regex.EnumerateMatches(text))
            if (match.Length > 0) pieces.Add((offset + match.Index, match.Length));
    }
}
