namespace PretrainBench.Data;

/// <summary>Some neighbouring documents, encoded and divided into training and validation.</summary>
internal sealed class EncodedGroup
{
    public Side Train { get; } = new();

    public Side Validation { get; } = new();

    /// <summary>Encodes documents, given by their texts.</summary>
    public static EncodedGroup Encode(IReadOnlyList<string> texts, TextTokenizer tokenizer, HeldOut heldOut)
    {
        var group = new EncodedGroup();
        foreach (var text in texts)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            var side = heldOut.Contains(utf8) ? group.Validation : group.Train;
            side.Tokens.AddRange(tokenizer.Encode(text));
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
