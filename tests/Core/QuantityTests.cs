namespace PretrainBench.Core.Tests;

public class QuantityTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(7.25, "7.25")]
    [InlineData(999, "999")]
    [InlineData(999.9, "1k")]
    [InlineData(1500, "1.5k")]
    [InlineData(12_345, "12.3k")]
    [InlineData(999_700, "1M")]
    [InlineData(134217728, "134M")]
    [InlineData(999_999_999, "1B")]
    [InlineData(1.2e9, "1.2B")]
    [InlineData(21474836480, "21.5B")]
    [InlineData(2.5e12, "2.5T")]
    [InlineData(4e15, "4000T")]
    [InlineData(-2e6, "-2M")]
    [InlineData(1e300, "1e300")]
    [InlineData(double.NaN, "-")]
    [InlineData(double.PositiveInfinity, "-")]
    public void Counts_have_three_digits_and_a_unit(double value, string expected)
        => Assert.Equal(expected, Quantity.Count(value));

    [Theory]
    [InlineData("4096", 4096)]
    [InlineData("1.2B", 1.2e9)]
    [InlineData("4.9M", 4_900_000)]
    [InlineData("32k", 32_000)]
    [InlineData("1_000", 1000)]
    [InlineData("-3e-3", -0.003)]
    public void Counts_are_read_with_their_unit(string text, double expected)
    {
        Assert.True(Quantity.TryParse(text, out var number));
        Assert.Equal(expected, number);
    }

    [Theory]
    [InlineData("M")]
    [InlineData("1e400")]
    [InlineData("NaN")]
    [InlineData("20 M tokens")]
    public void What_is_no_count_is_not_read(string text) => Assert.False(Quantity.TryParse(text, out _));

    [Theory]
    [InlineData(512, "512 B")]
    [InlineData(13_210_000, "13.2 MB")]
    [InlineData(1.5e9, "1.5 GB")]
    [InlineData(2e12, "2 TB")]
    public void Bytes_have_decimal_units(double bytes, string expected)
        => Assert.Equal(expected, Quantity.Bytes(bytes));

    [Theory]
    [InlineData(0, "0.0 s")]
    [InlineData(4.24, "4.2 s")]
    [InlineData(42, "42 s")]
    [InlineData(200, "3 min 20 s")]
    [InlineData(7500, "2 h 05 min")]
    [InlineData(360_000, "100 h 00 min")]
    public void Durations_have_two_units_at_most(double seconds, string expected)
        => Assert.Equal(expected, Quantity.Time(TimeSpan.FromSeconds(seconds)));
}
