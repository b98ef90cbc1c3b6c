using System.Xml.Linq;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Tests.Charts;

public class SvgChartTests
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    [Fact]
    public void Every_sample_is_well_formed_named_and_described()
    {
        foreach (Chart chart in SampleCharts.All)
        {
            var root = XElement.Parse(SvgChart.Render(chart));
            Assert.Equal("img", root.Attribute("role")!.Value);
            Assert.Equal(chart.Title, root.Element(Svg + "title")!.Value);
            Assert.Equal(chart.Description, root.Element(Svg + "desc")!.Value);
            Assert.DoesNotContain("NaN", root.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("Infinity", root.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_same_chart_gives_the_same_text()
        => Assert.All(SampleCharts.All, chart => Assert.Equal(SvgChart.Render(chart), SvgChart.Render(chart with { })));

    [Fact]
    public void Hostile_text_stays_text()
    {
        const string hostile = "<script>alert('x')</script> & \"quotes\" \u0001";
        Chart chart = new()
        {
            Title = hostile,
            X = Axis.Category([hostile, "b"], hostile),
            Y = Axis.Linear(hostile),
            Series = [
                new LineSeries { Name = hostile, Points = [new(0, 1, hostile), new(1, 2)], ShowMarkers = true,
                    EndLabel = hostile }],
        };
        string text = SvgChart.Render(chart);
        Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
        Assert.Equal(hostile.TrimEnd('\u0001'), XElement.Parse(text).Element(Svg + "title")!.Value);
    }

    [Fact]
    public void Values_without_a_place_are_left_out_and_break_lines()
    {
        Chart chart = new()
        {
            Title = "gaps",
            X = Axis.Log("x"),
            Y = Axis.Log("y"),
            Series =
            [
                new LineSeries
                {
                    Points = [new(1, 1), new(2, 2), new(3, double.NaN), new(4, -1), new(5, 5), new(6, 6)],
                },
                new ScatterSeries { Points = [new(1, 1), new(0, 3), new(2, double.PositiveInfinity), new(6, 6)] },
            ],
        };
        var root = XElement.Parse(SvgChart.Render(chart));
        string line = root.Descendants(Svg + "path").Single(p => Class(p).StartsWith("line", StringComparison.Ordinal))
            .Attribute("d")!.Value;
        Assert.Equal(2, line.Count(c => c == 'M'));
        Assert.Equal(2, line.Count(c => c == 'L'));
        Assert.Equal(2,
            root.Descendants(Svg + "path").Count(p => Class(p).StartsWith("mark", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_chart_without_data_still_draws_its_axes()
    {
        Chart chart = new() { Title = "empty", X = Axis.Log("x", TickFormat.Count), Y = Axis.Linear("y"), Series = [] };
        Assert.Contains("frame", SvgChart.Render(chart), StringComparison.Ordinal);
    }

    [Fact]
    public void A_point_stands_where_its_value_says()
    {
        Chart chart = new()
        {
            Title = "corners",
            X = Axis.Linear("") with { Minimum = 0, Maximum = 10 },
            Y = Axis.Log("") with { Minimum = 1, Maximum = 100 },
            Series = [],
        };
        var layout = ChartLayout.Of(chart);
        Assert.Equal(layout.Left, layout.X.ToPixel(0), 9);
        Assert.Equal((layout.Left + layout.Right) / 2, layout.X.ToPixel(5), 9);
        Assert.Equal((layout.Top + layout.Bottom) / 2, layout.Y.ToPixel(10), 9);
        Assert.Equal(layout.Top, layout.Y.ToPixel(100), 9);
    }

    [Fact]
    public void Series_differ_in_shape_as_well_as_in_colour()
    {
        SeriesStyle[] styles = [.. Enumerable.Range(0, Palette.Count).Select(SeriesStyle.For)];
        Assert.Equal(styles.Length, styles.Select(s => s.Marker).Distinct().Count());
        Assert.Equal(styles.Length, styles.Select(s => s.ColorClass).Distinct().Count());
    }

    [Fact]
    public void Series_of_one_name_share_one_legend_entry()
    {
        Chart chart = SampleCharts.LossAgainstTokens;
        IEnumerable<string> legend = XElement.Parse(SvgChart.Render(chart)).Elements(Svg + "text")
            .Where(t => Class(t) == "legend").Select(t => t.Value);
        Assert.Equal(["adamw", "muon"], legend);
    }

    private static string Class(XElement element) => element.Attribute("class")?.Value ?? "";
}
