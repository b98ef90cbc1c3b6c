using Microsoft.ML.Tokenizers;

namespace PretrainBench.Data;

/// <summary>What a tokenizer's files say.</summary>
/// <param name="Engine">Turns text into ids.</param>
/// <param name="Tokens">The bytes that every id stands for; special tokens are spelled.</param>
/// <param name="Special">Ids that text never produces and that stand for no text: separators and their like.</param>
/// <param name="EndOfTextId">The separator between documents.</param>
internal sealed record TokenizerModel(
    Tokenizer Engine, IReadOnlyDictionary<int, byte[]> Tokens, IReadOnlySet<int> Special, int EndOfTextId)
{
    // The names that separators have: GPT-2's, GPT-4's and OLMo's; Llama 3's.
    private static readonly string[] Separators = [TextTokenizer.EndOfText, "<|end_of_text|>"];

    /// <summary>Describes byte-level BPE.</summary>
    /// <param name="vocabulary">All tokens, in GPT-2's alphabet, with their ids.</param>
    /// <param name="added">Those among them that are spelled as they are.</param>
    /// <param name="special">Those among them, besides the separator, that text never produces.</param>
    /// <exception cref="UserException">There is no separator.</exception>
    public static TokenizerModel Of(Tokenizer engine, IReadOnlyDictionary<string, int> vocabulary,
        IReadOnlyDictionary<string, int> added, IEnumerable<int> special, string file)
    {
        var tokens = vocabulary.ToDictionary(token => token.Value, token => ByteAlphabet.Read(token.Key));
        foreach (var (token, id) in added) tokens[id] = Encoding.UTF8.GetBytes(token);
        var name = Separators.FirstOrDefault(vocabulary.ContainsKey)
            ?? throw new UserException($"tokenizer: {file}: the vocabulary has no "
                + $"`{string.Join("` or `", Separators)}` to separate documents with; add it, or choose "
                + "another tokenizer");
        var separator = vocabulary[name];
        return new TokenizerModel(engine, tokens, special.Append(separator).ToHashSet(), separator);
    }
}
