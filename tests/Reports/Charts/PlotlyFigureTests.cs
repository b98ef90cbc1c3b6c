using System.Text.Json;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Tests.Charts;

public class PlotlyFigureTests
{
    [Fact]
    public void Every_sample_is_a_figure_of_data_and_layout_the_same_each_time()
    {
        foreach (Chart chart in SampleCharts.All)
        {
            string text = PlotlyFigure.Write(chart);
            Assert.Equal(text, PlotlyFigure.Write(chart with { }));
            using var figure = JsonDocument.Parse(text);
            Assert.Equal(chart.Series.Count(series => series is not ReferenceLine),
                figure.RootElement.GetProperty("data").GetArrayLength());
            Assert.Equal(chart.Height, figure.RootElement.GetProperty("layout").GetProperty("height").GetInt32());
        }
    }

    [Fact]
    public void Hostile_text_stays_text()
    {
        const string hostile = "</script><b>alert('x')</b> & \"quotes\"";
        Chart chart = new()
        {
            Title = hostile,
            X = Axis.Category([hostile, "b"]),
            Y = Axis.Linear(hostile),
            Series = [new LineSeries { Name = hostile, Points = [new(0, 1, hostile), new(1, 2)], EndLabel = hostile }],
        };
        string text = PlotlyFigure.Write(chart);
        Assert.DoesNotContain("<", text, StringComparison.Ordinal);
        using var figure = JsonDocument.Parse(text);
        Assert.Equal("&lt;/script>&lt;b>alert('x')&lt;/b> &amp; \"quotes\"",
            figure.RootElement.GetProperty("data")[0].GetProperty("name").GetString());
    }

    [Fact]
    public void Values_that_are_no_numbers_break_lines()
    {
        Chart chart = new()
        {
            Title = "gaps",
            X = Axis.Log("x"),
            Y = Axis.Linear("y"),
            Series = [new LineSeries { Points = [new(1, 1), new(2, double.NaN), new(3, double.PositiveInfinity)] }],
        };
        using var figure = JsonDocument.Parse(PlotlyFigure.Write(chart));
        Assert.Equal([JsonValueKind.Number, JsonValueKind.Null, JsonValueKind.Null], figure.RootElement
            .GetProperty("data")[0].GetProperty("y").EnumerateArray().Select(value => value.ValueKind));
    }

    [Fact]
    public void Limits_of_a_logarithmic_axis_are_logarithms_and_one_may_be_left_open()
    {
        Chart chart = new()
        {
            Title = "limits",
            X = Axis.Log("") with { Minimum = 1, Maximum = 100 },
            Y = Axis.Linear("") with { Maximum = 3 },
            Series = [],
        };
        using var figure = JsonDocument.Parse(PlotlyFigure.Write(chart));
        var layout = figure.RootElement.GetProperty("layout");
        Assert.Equal("[0,2]", layout.GetProperty("xaxis").GetProperty("range").GetRawText());
        Assert.Equal("[null,3]", layout.GetProperty("yaxis").GetProperty("range").GetRawText());
    }

    [Fact]
    public void Series_of_one_name_share_one_legend_entry_and_one_switch()
    {
        using var figure = JsonDocument.Parse(PlotlyFigure.Write(SampleCharts.LossAgainstTokens));
        var traces = figure.RootElement.GetProperty("data").EnumerateArray().ToList();
        Assert.Equal(["adamw", "muon"], traces.Where(trace => trace.GetProperty("showlegend").GetBoolean())
            .Select(trace => trace.GetProperty("name").GetString()));
        Assert.All(traces, trace
            => Assert.Equal(trace.GetProperty("name").GetString(), trace.GetProperty("legendgroup").GetString()));
    }

    [Fact]
    public void Series_differ_in_shape_as_well_as_in_colour()
    {
        SeriesStyle[] styles = [.. Enumerable.Range(0, Palette.Series.Count).Select(SeriesStyle.For)];
        Assert.Equal(styles.Length, styles.Select(style => style.Marker).Distinct().Count());
        Assert.Equal(styles.Length, styles.Select(style => style.Hex).Distinct().Count());
    }
}
