namespace PretrainBench.Data.Tests.Tokenizers;

// Expected forms follow the rules and examples of Unicode Standard Annex 15.
public class NfcNormalizerTests
{
    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("caf\u00E9", "caf\u00E9")]
    [InlineData("cafe\u0301", "caf\u00E9")]
    [InlineData("\u212B", "\u00C5")]
    [InlineData("\u2126", "\u03A9")]
    [InlineData("s\u0323\u0307", "\u1E69")]
    [InlineData("s\u0307\u0323", "\u1E69")]
    [InlineData("\u1E0B\u0323", "\u1E0D\u0307")]
    [InlineData("q\u0307\u0323", "q\u0323\u0307")]
    [InlineData("\u1100\u1161\u11A8", "\uAC01")]
    [InlineData("\uAC00\u11A8", "\uAC01")]
    [InlineData("\u0958", "\u0915\u093C")]
    [InlineData("\uFB1D", "\u05D9\u05B4")]
    [InlineData("\u0344", "\u0308\u0301")]
    [InlineData("a\u0301\u0301", "\u00E1\u0301")]
    [InlineData("\U0001D15E", "\U0001D157\U0001D165")]
    [InlineData("\U000110A5\U000110BA", "\U000110AB")]
    public void Texts_take_their_composed_form(string original, string expected)
        => Assert.Equal(expected, new NfcNormalizer().Normalize(original));

    [Fact]
    public void Texts_take_the_forms_that_the_character_database_gives()
    {
        var cases = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Tokenizers", "nfc.tsv"))
            .Where(line => !line.StartsWith('#')).Select(line => line.Split('\t')).ToList();
        Assert.Equal(390, cases.Count);
        Assert.All(cases, parts => Assert.Equal(Text(parts[1]), new NfcNormalizer().Normalize(Text(parts[0]))));

        static string Text(string codePoints)
            => string.Concat(codePoints.Split(' ').Select(hex => char.ConvertFromUtf32(Convert.ToInt32(hex, 16))));
    }

    // Unicode Standard, section 3.12: syllables are numbered by leading consonant, vowel and trailing consonant.
    [Fact]
    public void Every_Hangul_syllable_is_composed_from_its_letters()
    {
        var normalizer = new NfcNormalizer();
        for (var index = 0; index < 19 * 21 * 28; index++)
        {
            var (lead, vowel, trail) = (0x1100 + (index / 588), 0x1161 + (index / 28 % 21), 0x11A7 + (index % 28));
            var letters = $"{(char)lead}{(char)vowel}" + (index % 28 == 0 ? "" : $"{(char)trail}");
            Assert.Equal($"{(char)(0xAC00 + index)}", normalizer.Normalize(letters));
        }
    }

    [Fact]
    public void Normalising_again_changes_nothing()
    {
        var random = new Random(8);
        var normalizer = new NfcNormalizer();
        for (var i = 0; i < 200; i++)
        {
            var once = normalizer.Normalize(MadeUpText.Anything(random, 60) + "e\u0327\u0301\u0323");
            Assert.Equal(once, normalizer.Normalize(once));
        }
    }
}
