using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Tests.Charts;

public class TickTextTests
{
    [Theory]
    [InlineData(1500, "1.5k")]
    [InlineData(-2e6, "−2M")]
    public void Counts_have_a_unit(double value, string expected)
        => Assert.Equal(expected, TickText.Format(value, TickFormat.Count));

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
