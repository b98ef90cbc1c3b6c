using System.Buffers.Binary;

namespace PretrainBench.Data;

/// <summary>Tokens that another program made, see <see cref="TokenFileLayout"/>. They are cut into documents where a
/// separator stands, before or after each document, and where the file ends, and are never tokenised again; the
/// tokenizer says how many bytes of text they stand for.</summary>
internal sealed class TokenFormat(SourceReading reading) : IDocumentFormat
{
    // Memory is bounded, and a separator that is another's is noticed.
    private const int LongestDocument = 1 << 24;

    public IEnumerable<Document> Read(string path, ReadCounter counter)
    {
        var tokenizer = reading.Tokenizer ?? throw new UserException($"{path}: holds tokens, not text; name the "
            + "tokenizer that made them with `tokenizer=FOLDER` (none can be learned from tokens)");
        var separator = reading.EndOfTextId ?? tokenizer.EndOfTextId;
        var layout = TokenFileLayout.Of(path, reading.TokenBytes);
        using var stream = counter.Open(path);
        var buffer = new byte[1 << 16];
        stream.ReadExactly(buffer, 0, (int)layout.Offset);
        var (ids, utf8) = (new List<int>(), new List<byte>());
        for (long place = 0; place < layout.Tokens;)
        {
            var count = (int)Math.Min(buffer.Length / layout.TokenBytes, layout.Tokens - place);
            stream.ReadExactly(buffer, 0, count * layout.TokenBytes);
            for (var i = 0; i < count; i++, place++)
            {
                var id = Token(buffer, i, layout.TokenBytes);
                if (id != separator) Add(id, place);
                else if (ids.Count > 0) yield return Take(place);
            }
        }
        if (ids.Count > 0) yield return Take(layout.Tokens);

        void Add(uint id, long place)
        {
            var bytes = tokenizer.TextOf(id) ?? throw new UserException($"{path}: token {id} at position {place} is "
                + $"not in the vocabulary of {tokenizer.VocabularySize}; name the tokenizer that made the file"
                + (layout.Offset == 0 ? ", or the other `token_bytes`" : ""));
            if (ids.Count == LongestDocument)
                throw new UserException($"{path}: no separator {separator} in the {LongestDocument} tokens before "
                    + $"position {place}; name the token between documents with `end_of_text_id`");
            ids.Add((int)id);
            utf8.AddRange(bytes);
        }

        Document Take(long end)
        {
            var document = new Document("", $"{path}: position {end - ids.Count}", new TokenText([.. ids], [.. utf8]));
            ids.Clear();
            utf8.Clear();
            return document;
        }
    }

    private static uint Token(byte[] buffer, int index, int tokenBytes)
        => tokenBytes == 2
            ? BinaryPrimitives.ReadUInt16LittleEndian(buffer.AsSpan(2 * index))
            : BinaryPrimitives.ReadUInt32LittleEndian(buffer.AsSpan(4 * index));
}
