using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace PretrainBench.Data;

/// <summary>Reads tiktoken's files of ranks: a token in base64 and its id a line. Pattern and special tokens are not in
/// them; they follow from how many ranks there are.</summary>
internal static class TiktokenFile
{
    public const string Ending = ".tiktoken";

    // Source: github.com/openai/tiktoken, tiktoken_ext/openai_public.py.
    private static readonly Dictionary<int, (Regex Pattern, Dictionary<string, int> Special)> Encodings = new()
    {
        [50_256] = (PreTokenization.Gpt2(), new() { [TextTokenizer.EndOfText] = 50_256 }),
        [100_256] = (PreTokenization.Cl100K(), new()
        {
            [TextTokenizer.EndOfText] = 100_257,
            ["<|fim_prefix|>"] = 100_258,
            ["<|fim_middle|>"] = 100_259,
            ["<|fim_suffix|>"] = 100_260,
            ["<|endofprompt|>"] = 100_276,
        }),
        [199_998] = (PreTokenization.O200K(), new()
        {
            [TextTokenizer.EndOfText] = 199_999,
            ["<|endofprompt|>"] = 200_018,
        }),
    };

    /// <exception cref="UserException">The ranks are none of these encodings'.</exception>
    /// <exception cref="FormatException">A line is no token and rank.</exception>
    public static TokenizerModel Read(string path)
    {
        var vocabulary = File.ReadLines(path).Select(line => line.Split(' ')).ToDictionary(
            line => ByteAlphabet.Write(Convert.FromBase64String(line[0])),
            line => int.Parse(line[^1], CultureInfo.InvariantCulture));
        if (!Encodings.TryGetValue(vocabulary.Count, out var encoding))
            throw new UserException($"tokenizer: {path}: {vocabulary.Count} ranks are none of r50k_base, "
                + "cl100k_base and o200k_base; fetch it again, or give the tokenizer as `tokenizer.json`");
        var engine = TiktokenTokenizer.Create(path, new PieceSplitter([encoding.Pattern]), normalizer: null);
        foreach (var (token, id) in encoding.Special) vocabulary.Add(token, id);
        return TokenizerModel.Of(engine, vocabulary, encoding.Special, encoding.Special.Values, path);
    }
}
