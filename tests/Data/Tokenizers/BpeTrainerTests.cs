namespace PretrainBench.Data.Tests.Tokenizers;

public class BpeTrainerTests
{
    private static TrainedTokenizer Learn(IEnumerable<string> texts, int vocabularySize)
        => TokenizerTraining.Learn(texts.Select(text => new Document(text, "")), vocabularySize, progress: null,
            CancellationToken.None);

    [Theory]
    [InlineData(1, 330)]
    [InlineData(2, 300)]
    [InlineData(3, 400)]
    [InlineData(4, 280)]
    public void The_same_merges_as_the_definition_gives(int seed, int tokenCount)
    {
        var texts = MadeUpText.Documents(seed, 60);
        var (tokens, merges) = SlowBpe.Train(texts, tokenCount);
        var trained = Learn(texts, tokenCount + 1);
        Assert.Equal(merges, trained.Merges);
        Assert.Equal(tokens, trained.Tokens);
    }

    [Fact]
    public void Overlapping_pairs_merge_from_the_left()
    {
        string[] texts = ["aaaa aaaaa aaa aa", "aaaaaaa aaaaaaaa", "abababab babab aaba"];
        var (tokens, merges) = SlowBpe.Train(texts, 261);
        var trained = Learn(texts, 262);
        Assert.Equal(merges, trained.Merges);
        Assert.Equal(tokens, trained.Tokens);
    }

    [Fact]
    public void Order_and_division_of_the_documents_do_not_matter()
    {
        var texts = MadeUpText.Documents(5, 3000);
        var shuffled = texts.ToArray();
        new Random(1).Shuffle(shuffled);
        Assert.Equal(Learn(texts, 500).Merges, Learn(shuffled, 500).Merges);
    }

    [Fact]
    public void A_vocabulary_that_the_text_cannot_fill_is_an_error_that_names_the_largest()
    {
        var error = Assert.Throws<UserException>(() => Learn(["ab ab ab"], 1000));
        Assert.Contains("at most 258", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void No_text_is_an_error() => Assert.Throws<UserException>(() => Learn([], 300));
}
