using Microsoft.ML.Tokenizers;

namespace PretrainBench.Data.Tests.Tokenizers;

public sealed class KnownEncodingTests : IDisposable
{
    // As in the published tokenizer.json of Llama 3 and of OLMo 2, and of GPT-4o.
    private const string Llama3 = @"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
        + @" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    private const string Gpt4o = @"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+"
        + @"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*"
        + @"(?i:'s|'t|'re|'ve|'m|'ll|'d)?|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+";

    // What is beyond U+FFFF stands between spaces: there Microsoft's patterns see what tiktoken's see.
    private static readonly string[] Parts =
    [
        "Hello", " world", "HELLO", "it's", "WE'LL", "they'Ve", "don't", " I'M", "'", "camelCaseHTTPServer",
        "12", "1234567", " 3.14159", "½", "٣٤", "\n", "\n\n", "\r\n", "\t", " ", "   ", "     \n", "!",
        "!!!???", "...\n", " /path//to\r\n", " 😀 ", " 👩‍👩‍👧‍👦 ", "中文字符", "日本語の文章", "한국어", " Привет",
        "ελληνικά", "עברית", "العربية", "naïve", "e\u0301", "ﬁ", "Ǆ", "ʰ", "\u00A0", "\u3000", "\u200B",
        "\uFEFF", "\uFFFD", "<|", "|>", "{\"a\": [1, 2]}", "for (int i = 0; i < n; i++) {",
        " aaaaaaaaaaaaaaaaaaaaa", "________", "antidisestablishmentarianism", "हिन्दी", "ไทย",
    ];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("cl100k_base", Llama3, 100_277)]
    [InlineData("o200k_base", Gpt4o, 200_019)]
    public void Files_of_known_encodings_encode_as_these_do_and_decode_to_the_text(
        string encoding, string pattern, int vocabularySize)
    {
        var ranks = new Ranks(encoding);
        _folder.Write("tiktoken/any.tiktoken", ranks.Tiktoken());
        _folder.Write("whole/tokenizer.json", ranks.HuggingFace(pattern, wholePieces: true, "<|end_of_text|>"));
        _folder.Write("merges/tokenizer.json", ranks.HuggingFace(pattern, wholePieces: false, "<|endoftext|>"));
        var ours = new[] { "tiktoken", "whole", "merges" }.Select(name => TextTokenizer.Load(_folder[name])).ToList();
        Assert.All(ours, tokenizer => Assert.Equal(ranks.Count + 1, tokenizer.EndOfTextId));
        Assert.Equal(vocabularySize, ours[0].VocabularySize);
        var reference = TiktokenTokenizer.CreateForEncoding(encoding);
        var random = new Random(7);
        var texts = Parts.Concat(Enumerable.Range(0, 400).Select(
            _ => string.Concat(Enumerable.Range(0, random.Next(2, 12)).Select(_ => Parts[random.Next(Parts.Length)]))));
        foreach (var text in texts)
        {
            var expected = reference.EncodeToIds(text);
            foreach (var tokenizer in ours)
            {
                Assert.Equal(expected, tokenizer.Encode(text));
                Assert.Equal(text, tokenizer.Decode(expected));
            }
        }
        Assert.DoesNotContain(ranks.Count + 1, ours[0].Encode("<|endoftext|>"));
    }

    [Fact]
    public void A_vocabulary_beyond_two_bytes_is_written_in_four()
    {
        _folder.Write("ranks.tiktoken", new Ranks("cl100k_base").Tiktoken());
        string[] texts = ["a 中文字符 text", .. MadeUpText.Documents(1, 20)];
        var source = _folder.Write("corpus.jsonl", MadeUpText.JsonLines(texts));
        var manifest = DataPreparation.Prepare(
            new() { Source = [source], Tokenizer = _folder["ranks.tiktoken"] }, _folder["out"]);
        using var dataset = TokenDataset.Open(_folder["out"]);
        Assert.Equal((4, 100_277, 100_257), (manifest.TokenBytes, manifest.VocabularySize, manifest.EndOfTextId));
        var tokens = new int[dataset.Train.TokenCount];
        dataset.Train.Read(0, tokens);
        Assert.Contains(tokens, token => token is > 65_535 and < 100_257);
        Assert.StartsWith("<|endoftext|>a 中文字符 text<|endoftext|>0 ", dataset.LoadTokenizer().Decode(tokens),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Ranks_of_no_known_encoding_are_refused()
    {
        var path = _folder.Write("some.tiktoken", "IQ== 0\nIg== 1\n");
        Assert.Contains($"{path}: 2 ranks are none of", Failure(path), StringComparison.Ordinal);
        _folder.Write("some.tiktoken", "no ranks at all\n");
        Assert.Contains("cannot be used", Failure(path), StringComparison.Ordinal);
    }

    private static string Failure(string path)
        => Assert.Throws<UserException>(() => TextTokenizer.Load(path)).Message;
}
