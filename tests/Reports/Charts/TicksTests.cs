using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Tests.Charts;

public class TicksTests
{
    [Fact]
    public void Linear_ticks_are_inside_ascending_few_and_have_distinct_labels()
    {
        Random random = new(11);
        for (int trial = 0; trial < 2000; trial++)
        {
            double low = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-6, 10));
            double high = low + Math.Max(Math.Abs(low), 1e-9) * Math.Pow(10, -4 + 6 * random.NextDouble());
            int most = random.Next(4, 12);
            IReadOnlyList<Tick> ticks = Ticks.Linear(low, high, most, TickFormat.Number);
            AssertReadable(ticks, low, high, most);
            Assert.True(ticks.Count >= 2 || most < 5, $"{ticks.Count} ticks for [{low}, {high}], at most {most}");
        }
    }

    [Fact]
    public void Logarithmic_ticks_are_inside_ascending_few_and_have_distinct_labels()
    {
        Random random = new(12);
        for (int trial = 0; trial < 2000; trial++)
        {
            double low = Math.Pow(10, -8 + 18 * random.NextDouble());
            double high = low * Math.Pow(10, 0.05 + 8 * random.NextDouble() * random.NextDouble());
            int most = random.Next(4, 12);
            IReadOnlyList<Tick> ticks = Ticks.Log(low, high, most, TickFormat.Number);
            AssertReadable(ticks, low, high, most + 1);
            Assert.NotEmpty(ticks);
        }
    }

    [Theory]
    [InlineData(1e6, 1e9, "1M 3M 10M 30M 100M 300M 1B")]
    [InlineData(9e7, 1.3e9, "100M 200M 500M 1B")]
    [InlineData(2e9, 4e11, "2B 5B 10B 20B 50B 100B 200B")]
    public void Counts_get_ticks_at_1_2_and_5(double low, double high, string expected)
    {
        IReadOnlyList<Tick> ticks = Ticks.Log(low, high, 7, TickFormat.Count);
        Assert.Equal(expected, string.Join(' ', ticks.Select(t => t.Label)));
    }

    [Fact]
    public void Many_decades_are_thinned_evenly()
    {
        IReadOnlyList<Tick> ticks = Ticks.Log(1e-12, 1e12, 6, TickFormat.Number);
        double[] steps = [.. ticks.Zip(ticks.Skip(1), (a, b) => Math.Round(Math.Log10(b.Value / a.Value)))];
        Assert.Single(steps.Distinct());
        Assert.Contains("10⁻¹⁰", ticks.Select(t => t.Label));
    }

    [Fact]
    public void Percent_ticks_are_round_in_percent()
        => Assert.Equal(["0 %", "5 %", "10 %", "15 %"],
            Ticks.Linear(0, 0.17, 5, TickFormat.Percent).Select(t => t.Label));

    private static void AssertReadable(IReadOnlyList<Tick> ticks, double low, double high, int most)
    {
        double slack = 1e-6 * (high - low);
        Assert.True(ticks.Count <= most, $"{ticks.Count} ticks for [{low}, {high}], at most {most}");
        Assert.All(ticks, t => Assert.InRange(t.Value, low - slack, high + slack));
        Assert.All(ticks.Zip(ticks.Skip(1)), pair => Assert.True(pair.First.Value < pair.Second.Value));
        string[] labels = [.. ticks.Select(t => t.Label)];
        Assert.True(labels.Distinct().Count() == labels.Length, $"[{low}, {high}]: {string.Join(' ', labels)}");
        Assert.All(labels, label => Assert.True(label.Length is > 0 and < 16, label));
    }
}
