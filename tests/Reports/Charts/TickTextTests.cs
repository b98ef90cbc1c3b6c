using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Tests.Charts;

public class TickTextTests
{
    [Theory]
    [InlineData(0, "0")]
    [InlineData(999, "999")]
    [InlineData(999.9, "1K")]
    [InlineData(1500, "1.5K")]
    [InlineData(134217728, "134M")]
    [InlineData(999_999_999, "1B")]
    [InlineData(1.2e9, "1.2B")]
    [InlineData(21474836480, "21.5B")]
    [InlineData(2.5e12, "2.5T")]
    [InlineData(-2e6, "−2M")]
    public void Counts_have_three_digits_and_a_unit(double value, string expected)
        => Assert.Equal(expected, TickText.Count(value));

    [Theory]
    [InlineData(0.25, 0.05, "0.25")]
    [InlineData(3, 0.5, "3.0")]
    [InlineData(-0.0, 0.5, "0.0")]
    [InlineData(-1e-18, 0.01, "0.00")]
    [InlineData(-0.02, 0.01, "−0.02")]
    [InlineData(2e-5, 0, "2×10⁻⁵")]
    [InlineData(1e-4, 0, "0.0001")]
    [InlineData(1e7, 0, "10⁷")]
    [InlineData(-1e7, 0, "−10⁷")]
    public void Numbers_are_plain_unless_very_small_or_large(double value, double step, string expected)
        => Assert.Equal(expected, TickText.Format(value, TickFormat.Number, step));
}
