using System.Globalization;

namespace PretrainBench.Core.Tests;

public class NumberTextTests
{
    [Theory]
    [InlineData(6.47e-5, 2, "6.5e-5")]
    [InlineData(2.09e-4, 2, "2.1e-4")]
    [InlineData(0.0021, 4, "0.0021")]
    [InlineData(0.00099996, 3, "0.001")]
    [InlineData(1.2e9, 3, "1.2e9")]
    [InlineData(1.25e-10, 2, "1.3e-10")]
    [InlineData(-3.5e21, 3, "-3.5e21")]
    [InlineData(1234, 3, "1230")]
    [InlineData(524288, 4, "524300")]
    [InlineData(999999, 3, "1e6")]
    [InlineData(0.8451, 3, "0.845")]
    [InlineData(20, 3, "20")]
    [InlineData(0, 3, "0")]
    [InlineData(double.NaN, 3, "-")]
    [InlineData(double.PositiveInfinity, 3, "-")]
    public void Rounded_numbers_are_as_a_person_writes_them(double value, int digits, string expected)
        => Assert.Equal(expected, NumberText.Rounded(value, digits));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(9.9999999, "10.0")]
    [InlineData(-0.02, "-0.0200")]
    [InlineData(1234.5, "1234")]
    [InlineData(6.4712e-5, "6.47e-5")]
    [InlineData(1.4e21, "1.40e21")]
    [InlineData(double.NaN, "-")]
    public void Significant_digits_are_kept_whatever_the_size(double value, string expected)
        => Assert.Equal(expected, value.Significant(3));

    [Theory]
    [InlineData(3.14159265, "3.1416", "314.1593 %")]
    [InlineData(-2, "-2.0000", "-200.0000 %")]
    [InlineData(1e300, "1.00e300", "1.00e302 %")]
    [InlineData(double.NaN, "-", "-")]
    [InlineData(double.NegativeInfinity, "-", "-")]
    public void Fixed_numbers_are_never_hundreds_of_digits_long_and_never_a_word(double value, string plain,
        string percent)
    {
        Assert.Equal(plain, value.Fixed(4));
        Assert.Equal(percent, value.Percent(4));
    }

    [Theory]
    [InlineData(1e9, "1000000000")]
    [InlineData(1.1e18, "1.1e18")]
    [InlineData(6.471873229349673e-05, "6.471873229349673e-5")]
    [InlineData(0.1, "0.1")]
    [InlineData(-0.0, "-0")]
    [InlineData(-2, "-2")]
    [InlineData(double.PositiveInfinity, "Infinity")]
    public void Exact_numbers_are_read_back_the_same(double value, string expected)
    {
        Assert.Equal(expected, NumberText.Exact(value));
        Assert.Equal(value, double.Parse(NumberText.Exact(value), CultureInfo.InvariantCulture));
    }

    [Fact]
    public void Exact_numbers_keep_every_digit()
    {
        var random = new Random(1);
        for (int i = 0; i < 10_000; i++)
        {
            double value = BitConverter.Int64BitsToDouble(random.NextInt64());
            if (double.IsFinite(value))
                Assert.Equal(value, double.Parse(NumberText.Exact(value), CultureInfo.InvariantCulture));
        }
    }
}
