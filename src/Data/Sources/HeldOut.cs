using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PretrainBench.Data;

/// <summary>Decides which documents are held out: those whose own SHA-256, by its first 64 bits, lies below a limit.
/// The choice never depends on position or on other documents, and equal documents fall on the same side.</summary>
/// <param name="Limit">From 0 (no document) to 2⁶⁴ (all of them).</param>
internal readonly record struct HeldOut(UInt128 Limit)
{
    /// <summary>For the training side of a source that the user has divided.</summary>
    public static HeldOut Nothing => new(0);

    /// <summary>For the validation side of such a source.</summary>
    public static HeldOut Everything => new(UInt128.One << 64);

    /// <summary>Holds out an expected share of the documents, above 0 and below 1.</summary>
    public static HeldOut Fraction(double fraction) => new((UInt128)(fraction * Math.Pow(2, 64)));

    /// <summary>Finds the limit for a source that is divided by a fraction, which takes one pass over it: where the
    /// fraction holds out none or all of a few documents, the one with the smallest hash is held out.</summary>
    public static HeldOut Choose(IEnumerable<Document> documents, double fraction)
    {
        var byFraction = Fraction(fraction);
        bool some = false, others = false;
        var smallest = ulong.MaxValue;
        foreach (var document in documents)
        {
            var key = KeyOf(document.Utf8());
            if (key < byFraction.Limit) some = true;
            else others = true;
            smallest = Math.Min(smallest, key);
            if (some && others) return byFraction;
        }
        return new HeldOut((UInt128)smallest + 1);
    }

    /// <summary>Whether a document, given in UTF-8, is held out.</summary>
    public bool Contains(ReadOnlySpan<byte> utf8) => KeyOf(utf8) < Limit;

    /// <summary>The first 64 bits of a document's SHA-256.</summary>
    public static ulong KeyOf(ReadOnlySpan<byte> utf8)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}
