namespace PretrainBench.Data.Tests.Tokenizers;

public class TextTokenizerTests
{
    [Fact]
    public void What_was_learned_encodes_as_the_definition_does_and_decodes_to_the_text()
    {
        using var folder = new TemporaryFolder();
        var texts = MadeUpText.Documents(11, 80);
        var (tokens, merges) = SlowBpe.Train(texts, 350);
        var tokenizer = Train(folder, texts, 351);
        Assert.Equal(351, tokenizer.VocabularySize);
        Assert.Equal(350, tokenizer.EndOfTextId);
        foreach (var text in texts)
        {
            Assert.Equal(SlowBpe.Encode(text, tokens, merges), tokenizer.Encode(text));
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        }
    }

    [Fact]
    public void Any_text_survives_encoding_and_decoding()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = Train(folder, MadeUpText.Documents(12, 80), 400);
        var random = new Random(3);
        for (var i = 0; i < 300; i++)
        {
            var text = MadeUpText.Anything(random, random.Next(1, 200));
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
        }
        foreach (var text in new[] { "", " ", "\n\n \t ", "\uFEFFa\u200B", new string('a', 5000), new string(' ', 3000),
                "it's   we'll\r\n" })
            Assert.Equal(text, tokenizer.Decode(tokenizer.Encode(text)));
    }

    [Fact]
    public void A_long_piece_is_merged_like_a_short_one()
    {
        using var folder = new TemporaryFolder();
        var texts = MadeUpText.Documents(13, 80);
        var (tokens, merges) = SlowBpe.Train(texts, 380);
        var tokenizer = Train(folder, texts, 381);
        var random = new Random(4);
        var piece = string.Concat(Enumerable.Range(0, 400).Select(_ => "bakotrimenal"[random.Next(12)]));
        Assert.Equal(SlowBpe.Encode(piece, tokens, merges), tokenizer.Encode(piece));
    }

    [Fact]
    public void Text_that_spells_the_separator_does_not_become_one()
    {
        using var folder = new TemporaryFolder();
        var tokenizer = Train(folder, MadeUpText.Documents(14, 40), 300);
        Assert.DoesNotContain(tokenizer.EndOfTextId, tokenizer.Encode("a <|endoftext|> b"));
        Assert.Equal("<|endoftext|>", tokenizer.Decode([tokenizer.EndOfTextId]));
    }

    [Fact]
    public void Training_twice_writes_the_same_files()
    {
        using var folder = new TemporaryFolder();
        var texts = MadeUpText.Documents(15, 500);
        Train(folder, texts, 400, "one");
        Train(folder, texts, 400, "two");
        foreach (var file in new[] { "vocab.json", "merges.txt" })
            Assert.Equal(File.ReadAllBytes(folder[$"one/{file}"]), File.ReadAllBytes(folder[$"two/{file}"]));
    }

    [Theory]
    [InlineData("vocab.json", "{ broken")]
    [InlineData("vocab.json", "{\"a\":0}")]
    [InlineData("merges.txt", "a b c\n")]
    [InlineData("merges.txt", "no-such token\n")]
    public void Damaged_files_are_an_error_that_names_them(string file, string content)
    {
        using var folder = new TemporaryFolder();
        Train(folder, MadeUpText.Documents(16, 40), 300);
        folder.Write($"tokenizer/{file}", content);
        var error = Assert.Throws<UserException>(() => TextTokenizer.Load(folder["tokenizer"]));
        Assert.Contains("vocab.json", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_a_tokenizer_is_an_error()
    {
        using var folder = new TemporaryFolder();
        Assert.Contains("vocab.json", Assert.Throws<UserException>(() => TextTokenizer.Load(folder.Path)).Message,
            StringComparison.Ordinal);
    }

    internal static TextTokenizer Train(TemporaryFolder folder, IEnumerable<string> texts, int vocabularySize,
        string name = "tokenizer")
    {
        folder.Write("corpus.jsonl", MadeUpText.JsonLines(texts));
        return TokenizerTraining.Train(
            new() { Source = [folder["corpus.jsonl"]], VocabularySize = vocabularySize }, folder[name]);
    }
}
