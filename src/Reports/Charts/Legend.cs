namespace PretrainBench.Reports.Charts;

/// <summary>The list of named series above the plot, in as many rows as it needs.</summary>
internal sealed class Legend
{
    /// <summary>The width of the sample beside each name.</summary>
    public const double SampleWidth = 22;

    public const double RowHeight = 18;

    private const double Gap = 6;
    private const double Between = 16;

    private readonly List<(string Name, ChartSeries[] Series, double X, int Row)> _entries = [];

    /// <summary>Arranges the entries of a chart within a width.</summary>
    public Legend(Chart chart, double left, double right)
    {
        var x = left;
        foreach (var group in chart.Series.Where(s => chart.ShowLegend && s.Name is not null).GroupBy(s => s.Name!))
        {
            var width = SampleWidth + Gap + TextWidth.Of(group.Key);
            if (x > left && x + width > right) (x, RowCount) = (left, RowCount + 1);
            // A name without a legend row of its own still counts one row.
            RowCount = Math.Max(RowCount, 1);
            _entries.Add((group.Key, [.. group.DistinctBy(s => (s.GetType(), s.Style))], x, RowCount - 1));
            x += width + Between;
        }
    }

    /// <summary>How many rows the entries take; none without entries.</summary>
    public int RowCount { get; }

    public void Draw(SvgWriter svg, double top)
    {
        foreach ((var name, ChartSeries[] series, var x, var row) in _entries)
        {
            var y = top + row * RowHeight + RowHeight / 2;
            foreach (var one in series) one.DrawSample(svg, x + SampleWidth / 2, y);
            svg.Text("text", name, ("class", "legend"), ("x", x + SampleWidth + Gap), ("y", y + 4));
        }
    }

    public static void SampleLine(SvgWriter svg, double x, double y, SeriesStyle style) => svg.Leaf(
        "path",
        ("class", "line " + style.ColorClass),
        ("d", $"M{SvgWriter.Number(x - SampleWidth / 2)} {SvgWriter.Number(y)}h{SvgWriter.Number(SampleWidth)}"),
        ("stroke-width", style.Width),
        ("stroke-dasharray", style.DashArray));
}
