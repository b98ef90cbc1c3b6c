using System.Globalization;

namespace PretrainBench.Data.Tests.Tokenizers;

public class PieceSplitterTests
{
    // As Perl's regular expressions, which see characters, cut these texts.
    [Theory]
    [InlineData("hi😀abc", "hi|😀abc")]
    [InlineData("😀😀abc 😀", "😀😀|abc| 😀")]
    [InlineData("中𠀀文 𝒜b", "中𠀀文| 𝒜b")]
    [InlineData("𝟏𝟐𝟑𝟒a", "𝟏𝟐𝟑|𝟒|a")]
    public void Characters_beyond_FFFF_are_cut_as_those_below(string text, string pieces)
        => Assert.Equal(pieces, string.Join('|', Cut(new PieceSplitter([PreTokenization.Cl100K()]), text)));

    [Fact]
    public void Added_tokens_are_cut_out_first_the_longest_that_fits()
    {
        var splitter = new PieceSplitter([PreTokenization.Gpt2()], ["  ", "    ", "b😀"]);
        Assert.Equal(["a", "    ", "  ", "a", "b😀", "c", " d"], Cut(splitter, "a      ab😀c d"));
    }

    [Fact]
    public void Each_category_has_its_character()
    {
        var surrogate = (int)UnicodeCategory.Surrogate;
        for (var category = 0; category <= (int)UnicodeCategory.OtherNotAssigned; category++)
            Assert.Equal(category == surrogate ? UnicodeCategory.PrivateUse : (UnicodeCategory)category,
                char.GetUnicodeCategory(PieceSplitter.OneOfEachCategory[category]));
    }

    private static IEnumerable<string> Cut(PieceSplitter splitter, string text)
        => splitter.PreTokenize(text).Select(piece => text.Substring(piece.Offset, piece.Length));
}
