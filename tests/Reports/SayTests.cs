namespace PretrainBench.Reports.Tests;

public class SayTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(9.9999999, "10.0")]
    [InlineData(0.16448, "0.164")]
    [InlineData(-0.02, "−0.0200")]
    [InlineData(1234.5, "1234")]
    [InlineData(6.4712e-5, "6.47e-5")]
    [InlineData(1.4e21, "1.40e21")]
    [InlineData(double.NaN, "–")]
    [InlineData(double.PositiveInfinity, "–")]
    public void Three_digits_are_kept_whatever_the_size(double value, string expected)
        => Assert.Equal(expected, Say.Three(value));

    [Theory]
    [InlineData("", 1.34e8, "134M")]
    [InlineData("134217728", 134217728, "134M")]
    [InlineData("130m", 134217728, "130m")]
    public void A_size_has_its_label_or_its_parameters(string label, double n, string expected)
        => Assert.Equal(expected, Say.Size(label, n));

    [Fact]
    public void What_is_shown_as_zero_has_no_sign()
        => Assert.Equal(["0", "−1", "+1", "0.0"],
            [Say.Signed(-0.4, 0), Say.Signed(-0.6, 0), Say.Signed(0.6, 0), Say.Signed(0.04, 1)]);

    [Fact]
    public void Lists_read_as_sentences() => Assert.Equal("a, b and c", Say.List(["a", "b", "c"]));

    [Theory]
    [InlineData(4.99, "5.0")]
    [InlineData(2.5, "2.5")]
    [InlineData(12.5, "12.5")]
    [InlineData(19.97, "20")]
    [InlineData(160.2, "160")]
    [InlineData(1397, "1397")]
    public void Whole_steps_do_not_make_4_99_of_5_tokens_per_parameter(double ratio, string said)
        => Assert.Equal(said, Say.Ratio(ratio));
}
