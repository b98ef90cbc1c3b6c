namespace PretrainBench.Data;

/// <summary>Some neighbouring documents, encoded and divided into training and validation.</summary>
internal sealed class EncodedGroup
{
    public Side Train { get; } = new();

    public Side Validation { get; } = new();

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

    /// <summary>The tokens of one side, each document followed by the separator, with counts.</summary>
    internal sealed class Side
    {
        public List<int> Tokens { get; } = [];

        public long Documents { get; set; }

        /// <summary>How many bytes of UTF-8.</summary>
        public long TextBytes { get; set; }
    }
}
