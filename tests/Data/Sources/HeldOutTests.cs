using System.Text;

namespace PretrainBench.Data.Tests.Sources;

public class HeldOutTests
{
    private static bool IsHeldOut(HeldOut rule, string text) => rule.Contains(Encoding.UTF8.GetBytes(text));

    [Fact]
    public void About_the_fraction_is_held_out_and_the_choice_is_the_documents_own()
    {
        var rule = HeldOut.Fraction(0.1);
        var texts = MadeUpText.Documents(1, 5000);
        // Binomial: 500 ± 21.
        Assert.InRange(texts.Count(text => IsHeldOut(rule, text)), 400, 600);
        Assert.Equal(texts.Select(text => IsHeldOut(rule, text)),
            texts.Select(text => IsHeldOut(HeldOut.Fraction(0.1), text)));
    }

    [Fact]
    public void A_larger_fraction_holds_out_the_same_documents_and_more()
    {
        var texts = MadeUpText.Documents(2, 2000);
        var few = texts.Where(text => IsHeldOut(HeldOut.Fraction(0.02), text)).ToList();
        Assert.NotEmpty(few);
        Assert.All(few, text => Assert.True(IsHeldOut(HeldOut.Fraction(0.05), text)));
    }

    // SHA-256 of "abc" begins with ba7816bf (FIPS 180-4's example): .7284 of the range.
    [Theory]
    [InlineData(0.7283, false)]
    [InlineData(0.7285, true)]
    public void The_rule_is_the_first_bits_of_sha256(double fraction, bool heldOut)
        => Assert.Equal(heldOut, IsHeldOut(HeldOut.Fraction(fraction), "abc"));

    [Fact]
    public void When_the_fraction_hits_nothing_the_smallest_hash_is_held_out()
    {
        var documents = MadeUpText.Documents(3, 5).Select(text => new Document(text, "")).ToList();
        var rule = HeldOut.Choose(documents, 1e-9);
        Assert.Single(documents, document => IsHeldOut(rule, document.Text));
    }
}
