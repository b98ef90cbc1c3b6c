using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace PretrainBench.Data;

/// <summary>Decides which documents are held out, by nothing but their own text.</summary>
internal interface IHeldOutRule
{
    /// <summary>Whether a document is held out.</summary>
    /// <param name="utf8">The document's text in UTF-8.</param>
    bool Contains(ReadOnlySpan<byte> utf8);
}

/// <summary>
/// Holds out documents whose own SHA-256, read as a number from 0 to 1, lies below a fraction. The choice never depends
/// on position or on other documents, and equal documents fall on the same side.
/// </summary>
/// <param name="fraction">The expected share of documents held out, above 0 and below 1.</param>
internal sealed class HeldOutFraction(double fraction) : IHeldOutRule
{
    private readonly ulong _limit = (ulong)(fraction * Math.Pow(2, 64));

    /// <inheritdoc/>
    public bool Contains(ReadOnlySpan<byte> utf8) => Key(utf8) < _limit;

    /// <summary>The first 64 bits of a document's SHA-256.</summary>
    /// <param name="utf8">The document's text in UTF-8.</param>
    internal static ulong Key(ReadOnlySpan<byte> utf8)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8, hash);
        return BinaryPrimitives.ReadUInt64BigEndian(hash);
    }
}

/// <summary>Holds out the documents with the smallest hash: for a corpus so small that a fraction hits none of them.</summary>
/// <param name="key">That hash.</param>
internal sealed class HeldOutSmallest(ulong key) : IHeldOutRule
{
    /// <inheritdoc/>
    public bool Contains(ReadOnlySpan<byte> utf8) => HeldOutFraction.Key(utf8) == key;
}

/// <summary>Holds out everything, or nothing: for sources that the user has divided.</summary>
/// <param name="all">Whether everything is held out.</param>
internal sealed class HeldOutWhole(bool all) : IHeldOutRule
{
    /// <inheritdoc/>
    public bool Contains(ReadOnlySpan<byte> utf8) => all;
}

internal static class HeldOut
{
    /// <summary>Finds the rule for a source that is divided by a fraction, which takes one pass over it.</summary>
    /// <param name="documents">The whole source.</param>
    /// <param name="fraction">The expected share held out.</param>
    /// <exception cref="UserException">There are fewer than two different documents, so nothing can be held out.</exception>
    public static IHeldOutRule Choose(IEnumerable<Document> documents, double fraction)
    {
        var byFraction = new HeldOutFraction(fraction);
        bool some = false, others = false;
        ulong smallest = ulong.MaxValue;
        foreach (var document in documents)
        {
            var utf8 = Encoding.UTF8.GetBytes(document.Text);
            if (byFraction.Contains(utf8)) some = true;
            else others = true;
            smallest = Math.Min(smallest, HeldOutFraction.Key(utf8));
            if (some && others) return byFraction;
        }
        return new HeldOutSmallest(smallest);
    }
}
