using System.Buffers;
using System.Text;
using Microsoft.ML.Tokenizers;

namespace PretrainBench.Data;

/// <summary>
/// Unicode normalisation form C (Unicode Standard Annex 15). .NET's own does nothing under invariant globalization,
/// which this program runs with so that numbers read the same everywhere.
/// </summary>
internal sealed class NfcNormalizer : Normalizer
{
    // Below the first combining mark, every text is in form C already.
    private static readonly SearchValues<char> Simple = SearchValues.Create([.. Enumerable.Range(0, 0x300).Select(value => (char)value)]);
    private static readonly Lazy<UnicodeTables> Tables = new(UnicodeTables.Load);

    public override string Normalize(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        return original.AsSpan().ContainsAnyExcept(Simple) ? Compose(original) : original;
    }

    public override string Normalize(ReadOnlySpan<char> original) => Normalize(original.ToString());

    private static string Compose(string original)
    {
        var tables = Tables.Value;
        var runes = new List<int>(original.Length);
        foreach (var rune in original.EnumerateRunes()) tables.Decompose(rune.Value, runes);
        Reorder(runes, tables);
        Compose(runes, tables);
        var text = new StringBuilder(original.Length);
        foreach (var rune in runes) text.Append(new Rune(rune));
        return text.ToString();
    }

    // Canonical ordering: marks between two starters are sorted by class, equal classes keep their order.
    private static void Reorder(List<int> runes, UnicodeTables tables)
    {
        for (var i = 1; i < runes.Count; i++)
        {
            var mark = tables.ClassOf(runes[i]);
            if (mark == 0) continue;
            for (var j = i; j > 0 && tables.ClassOf(runes[j - 1]) > mark; j--)
                (runes[j - 1], runes[j]) = (runes[j], runes[j - 1]);
        }
    }

    private static void Compose(List<int> runes, UnicodeTables tables)
    {
        int kept = 0, starter = -1, lastClass = 0;
        for (var i = 0; i < runes.Count; i++)
        {
            var mark = tables.ClassOf(runes[i]);
            // Blocked when another mark of the same or a higher class stands between.
            var adjacent = starter == kept - 1;
            if (starter >= 0 && (adjacent || lastClass < mark) && tables.TryCompose(runes[starter], runes[i], out var composed))
            {
                runes[starter] = composed;
                continue;
            }
            if (mark == 0) starter = kept;
            lastClass = mark;
            runes[kept++] = runes[i];
        }
        runes.RemoveRange(kept, runes.Count - kept);
    }
}
