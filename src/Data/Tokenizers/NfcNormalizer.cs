using System.Buffers;
using ADRaffy.ENSNormalize;
using Microsoft.ML.Tokenizers;

namespace PretrainBench.Data;

/// <summary>Unicode normalisation form C (Unicode Standard Annex 15), from a library that carries its tables. .NET's
/// own needs ICU and leaves texts as they are under invariant globalization, which this program runs with so that it
/// asks nothing of the machine and numbers read the same everywhere.</summary>
internal sealed class NfcNormalizer : Normalizer
{
    // Below the first combining mark, every text is in form C already.
    private static readonly SearchValues<char> Simple =
        SearchValues.Create([.. Enumerable.Range(0, 0x300).Select(value => (char)value)]);

    public override string Normalize(string original)
    {
        ArgumentNullException.ThrowIfNull(original);
        return original.AsSpan().ContainsAnyExcept(Simple) ? ENSNormalize.NF.NFC(original) : original;
    }

    public override string Normalize(ReadOnlySpan<char> original) => Normalize(original.ToString());
}
