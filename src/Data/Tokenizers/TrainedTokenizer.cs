using System.Text.Json;

namespace PretrainBench.Data;

/// <summary>A freshly learned vocabulary: the 256 bytes, the merged tokens in the order in which they were learned, and
/// the document separator.</summary>
/// <param name="Tokens">The bytes of every token but the separator, by id.</param>
/// <param name="Merges">The merges as pairs of ids, in order.</param>
internal sealed record TrainedTokenizer(IReadOnlyList<byte[]> Tokens, IReadOnlyList<(int Left, int Right)> Merges)
{
    private static readonly JsonSerializerOptions OneTokenALine = new(JsonFormat.Indented) { IndentSize = 0 };

    /// <summary>Writes <c>vocab.json</c> and <c>merges.txt</c> as GPT-2's are, which other tools read as
    /// well.</summary>
    /// <exception cref="UserException">The files cannot be written.</exception>
    public void Save(string folder)
    {
        var vocabulary = Tokens.Select(token => ByteAlphabet.Write(token)).Append(TextTokenizer.EndOfText)
            .Select((token, id) => KeyValuePair.Create(token, id)).ToDictionary();
        var merges = new StringBuilder("#version: 0.2\n");
        foreach (var (left, right) in Merges)
            merges.Append($"{ByteAlphabet.Write(Tokens[left])} {ByteAlphabet.Write(Tokens[right])}\n");
        AtomicFile.WriteText(Path.Combine(folder, TokenizerFiles.Merges), merges.ToString());
        // Last, because a folder without it is no tokenizer.
        var json = JsonSerializer.Serialize(vocabulary, OneTokenALine);
        AtomicFile.WriteText(Path.Combine(folder, TokenizerFiles.Vocabulary), json + "\n");
    }
}
