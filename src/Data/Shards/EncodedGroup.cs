using System.Text;

namespace PretrainBench.Data;

/// <summary>Some neighbouring documents, encoded and divided into training and validation.</summary>
internal sealed class EncodedGroup
{
    private EncodedGroup()
    {
    }

    /// <summary>The documents to learn from.</summary>
    public Side Train { get; } = new();

    /// <summary>The documents held out.</summary>
    public Side Validation { get; } = new();

    /// <summary>Encodes documents.</summary>
    /// <param name="texts">The documents' texts.</param>
    /// <param name="tokenizer">The tokenizer.</param>
    /// <param name="isHeldOut">Decides by a document's UTF-8 bytes.</param>
    public static EncodedGroup Encode(IReadOnlyList<string> texts, TextTokenizer tokenizer, IHeldOutRule isHeldOut)
    {
        var group = new EncodedGroup();
        foreach (var text in texts)
        {
            var utf8 = Encoding.UTF8.GetBytes(text);
            var side = isHeldOut.Contains(utf8) ? group.Validation : group.Train;
            side.Tokens.AddRange(tokenizer.Encode(text));
            side.Tokens.Add(tokenizer.EndOfTextId);
            side.Documents++;
            side.TextBytes += utf8.Length;
        }
        return group;
    }

    /// <summary>The tokens of one side, each document followed by the separator, with counts.</summary>
    public sealed class Side
    {
        /// <summary>The tokens.</summary>
        public List<int> Tokens { get; } = [];

        /// <summary>How many documents.</summary>
        public long Documents { get; set; }

        /// <summary>How many bytes of UTF-8.</summary>
        public long TextBytes { get; set; }

        /// <summary>Hands the content to a writer.</summary>
        /// <param name="writer">The writer of this side's split.</param>
        public void WriteTo(SplitWriter writer)
        {
            if (Documents > 0) writer.Append(Tokens, Documents, TextBytes);
        }
    }
}
