using System.Text.Json;

namespace PretrainBench.Data.Tests.Tokenizers;

public class HuggingFaceTokenizerTests
{
    [Fact]
    public void Merges_added_tokens_and_normalisation_work_together()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = Load(folder);
        // 256 bytes, then "ab" = 256, "Ġab" = 257, three spaces = 258, the separator = 259.
        Assert.Equal([256, 257], tokenizer.Encode("ab ab"));
        Assert.Equal([256, 258, 256], tokenizer.Encode("ab   ab"));
        Assert.Equal([0xC3, 0xA9], tokenizer.Encode("e\u0301"));
        Assert.Equal("ab   ab é", tokenizer.Decode(tokenizer.Encode("ab   ab e\u0301")));
        Assert.DoesNotContain(259, tokenizer.Encode("<|endoftext|>"));
        Assert.Equal(260, tokenizer.VocabularySize);
        Assert.Equal(259, tokenizer.EndOfTextId);
    }

    [Theory]
    [InlineData("NFKC", "ByteLevel", "normalizer is not NFC")]
    [InlineData("NFC", "Metaspace", "does not end in ByteLevel")]
    public void What_would_encode_otherwise_is_refused(string normalizer, string preTokenizer, string problem)
    {
        using var folder = new TemporaryFolder();
        var error = Assert.Throws<UserException>(() => Load(folder, normalizer, preTokenizer));
        Assert.Contains(problem, error.Message, StringComparison.Ordinal);
    }

    private static TextTokenizer Load(TemporaryFolder folder, string normalizer = "NFC",
        string preTokenizer = "ByteLevel")
    {
        var vocabulary = Enumerable.Range(0, 256).ToDictionary(value => ByteAlphabet.Write([(byte)value]));
        vocabulary["ab"] = 256;
        vocabulary["Ġab"] = 257;
        object Added(int id, string content, bool special)
            => new { id, content, special, single_word = false, lstrip = false, rstrip = false };
        var file = new
        {
            added_tokens = new[] { Added(258, "   ", special: false), Added(259, "<|endoftext|>", special: true) },
            normalizer = new { type = normalizer },
            pre_tokenizer = new { type = preTokenizer, add_prefix_space = false },
            model = new { type = "BPE", vocab = vocabulary, merges = new[] { "a b", "Ġ ab" } },
        };
        folder.Write("tokenizer.json", JsonSerializer.Serialize(file));
        return TextTokenizer.Load(folder.Path);
    }
}
