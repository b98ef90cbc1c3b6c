using System.Runtime.InteropServices;

namespace PretrainBench.Data;

/// <summary>Some neighbouring documents, encoded and divided into training and validation.</summary>
internal sealed class EncodedGroup
{
    public Side Train { get; private init; } = new();

    public Side Validation { get; private init; } = new();

    /// <summary>Encodes documents; those that come as tokens keep theirs.</summary>
    public static EncodedGroup Encode(IReadOnlyList<Document> documents, TextTokenizer tokenizer, HeldOut heldOut)
    {
        var group = new EncodedGroup();
        foreach (var document in documents)
        {
            var utf8 = document.Utf8();
            var side = heldOut.Contains(utf8) ? group.Validation : group.Train;
            side.Tokens.AddRange(document.Tokens?.Ids ?? tokenizer.Encode(document.Text));
            side.Tokens.Add(tokenizer.EndOfTextId);
            side.Documents++;
            side.TextBytes += utf8.Length;
        }
        return group;
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static EncodedGroup Read(Stream stream)
        => new() { Train = Side.Read(stream), Validation = Side.Read(stream) };

    public void Write(Stream stream)
    {
        Train.Write(stream);
        Validation.Write(stream);
    }

    /// <summary>The tokens of one side, each document followed by the separator, with counts.</summary>
    internal sealed class Side
    {
        public List<int> Tokens { get; } = [];

        public long Documents { get; set; }

        /// <summary>How many bytes of UTF-8.</summary>
        public long TextBytes { get; set; }

        public static Side Read(Stream stream)
        {
            var counts = new long[3];
            stream.ReadExactly(MemoryMarshal.AsBytes(counts.AsSpan()));
            var side = new Side { Documents = counts[0], TextBytes = counts[1] };
            CollectionsMarshal.SetCount(side.Tokens, (int)counts[2]);
            stream.ReadExactly(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(side.Tokens)));
            return side;
        }

        public void Write(Stream stream)
        {
            long[] counts = [Documents, TextBytes, Tokens.Count];
            stream.Write(MemoryMarshal.AsBytes(counts.AsSpan()));
            stream.Write(MemoryMarshal.AsBytes(CollectionsMarshal.AsSpan(Tokens)));
        }
    }
}
