using System.Text.RegularExpressions;
using Microsoft.ML.Tokenizers;

namespace PretrainBench.Compat.Tests.Tokenizers;

/// <summary>The part of the API that src/ uses, with results worked out by hand.</summary>
public partial class BpeTokenizerTests
{
    [GeneratedRegex(@" ?\p{L}+| ?[^\s\p{L}]+|\s+")]
    private static partial Regex Pattern();

    [Fact]
    public void Merges_apply_by_rank_and_not_by_position()
    {
        // b+c ranks before a+b, so that "abc" is a, bc.
        var tokenizer = Create(["b c", "a b"]);
        Assert.Equal([Id("a"), Id("bc")], tokenizer.EncodeToIds("abc"));
        Assert.Equal([Id("ab"), Id("d")], tokenizer.EncodeToIds("abd"));
    }

    [Fact]
    public void Nothing_merges_across_pieces_and_a_space_is_written_as_G_with_a_dot()
    {
        var tokenizer = Create(["b c", "a b", "Ġ ab"]);
        Assert.Equal([Id("ab"), Id("Ġab")], tokenizer.EncodeToIds("ab ab"));
        Assert.Equal([Id("a"), Id("Ġ"), Id("bc")], tokenizer.EncodeToIds("a bc"));
    }

    [Fact]
    public void Characters_beyond_ascii_are_their_bytes()
    {
        var tokenizer = Create([]);
        Assert.Equal([0xC3, 0xA9, 0xF0, 0x9F, 0x98, 0x80], tokenizer.EncodeToIds("é\U0001F600"));
        Assert.Equal("é\U0001F600", tokenizer.Decode([0xC3, 0xA9, 0xF0, 0x9F, 0x98, 0x80]));
        Assert.Equal("a\uFFFD", tokenizer.Decode([Id("a"), 0xC3]));
    }

    [Fact]
    public void Special_tokens_are_found_by_the_pre_tokenizer_in_the_dictionarys_order()
    {
        var special = new Dictionary<string, int> { ["<<x>>"] = 300, ["<<"] = 301 };
        var tokenizer = Create([], special);
        Assert.Equal([Id("a"), 300, 301, Id("b")], tokenizer.EncodeToIds("a<<x>><<b"));
        Assert.Equal("a<<x>><<b", tokenizer.Decode([Id("a"), 300, 301, Id("b")]));
    }

    [Fact]
    public void A_pre_tokenizer_gives_only_what_its_expression_matches()
    {
        var splitter = new RegexPreTokenizer(new Regex("[a-z]+"), specialTokens: null);
        Assert.Equal([(0, 2), (4, 3)], splitter.PreTokenize("ab--cde!"));
    }

    [Theory]
    [InlineData("a b c")]
    [InlineData("ab")]
    [InlineData("a nosuch")]
    public void An_impossible_merge_is_refused(string merge) => Assert.ThrowsAny<Exception>(() => Create([merge]));

    [Fact]
    public void Missing_files_are_argument_errors() => Assert.Throws<ArgumentException>(() => new BpeOptions("/no/such/vocab.json", "/no/such/merges.txt"));

    [Fact]
    public void Threads_can_share_a_tokenizer()
    {
        var tokenizer = Create(["b c", "a b", "Ġ ab"]);
        var random = new Random(2);
        var texts = Enumerable.Range(0, 200).Select(_ => string.Concat(Enumerable.Range(0, 300).Select(_ => "abc d"[random.Next(5)]))).ToArray();
        var alone = texts.Select(text => tokenizer.EncodeToIds(text).ToArray()).ToArray();
        var fresh = Create(["b c", "a b", "Ġ ab"]);
        var together = new int[texts.Length][];
        Parallel.For(0, texts.Length, i => together[i] = [.. fresh.EncodeToIds(texts[i])]);
        Assert.Equal(alone, together);
    }

    private static readonly Dictionary<string, int> Vocabulary = BuildVocabulary();

    private static int Id(string token) => Vocabulary[token];

    private static BpeTokenizer Create(string[] merges, Dictionary<string, int>? special = null)
        => BpeTokenizer.Create(new BpeOptions(Vocabulary)
        {
            ByteLevel = true,
            Merges = merges,
            PreTokenizer = new RegexPreTokenizer(Pattern(), special),
            SpecialTokens = special,
        });

    // Ids 0 to 255 are the bytes in GPT-2's alphabet.
    private static Dictionary<string, int> BuildVocabulary()
    {
        var vocabulary = new Dictionary<string, int>();
        var next = 256;
        for (var value = 0; value < 256; value++)
            vocabulary[((char)(value is (> 32 and < 127) or (> 160 and not 173) ? value : next++)).ToString()] = value;
        foreach (var token in new[] { "ab", "bc", "Ġab" }) vocabulary[token] = vocabulary.Count;
        return vocabulary;
    }
}
