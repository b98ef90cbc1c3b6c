namespace PretrainBench.Reports.Charts;

/// <summary>Turns charts into SVG. The text depends on the chart alone: no clock, no random ids, no font measuring.
/// Colours are CSS variables of <see cref="Palette"/>, so that one picture serves light, dark and paper.</summary>
internal static class SvgChart
{
    private const double TickLength = 4;
    private const double TickGap = 7;

    /// <summary>The SVG element of a chart, for a page that carries <see cref="Palette.Css"/>.</summary>
    public static string Render(Chart chart)
    {
        var layout = ChartLayout.Of(chart);
        var canvas = new ChartCanvas(layout.X, layout.Y);
        foreach (var series in chart.Series) series.Draw(canvas);
        var svg = new SvgWriter();
        svg.Open(
            "svg",
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("class", "chart"),
            ("role", "img"),
            ("aria-label", chart.Title),
            ("viewBox", $"0 0 {chart.Width} {chart.Height}"),
            ("width", chart.Width),
            ("height", chart.Height));
        svg.Text("title", chart.Title).Text("desc", chart.Description);
        DrawAxes(svg, chart, layout);
        DrawClipped(svg, layout, canvas.Clipped.ToString());
        svg.Raw(canvas.Over.ToString());
        DrawEndLabels(svg, layout, canvas.EndLabels);
        layout.Legend.Draw(svg, layout.LegendTop);
        return svg.Close().ToString();
    }

    private static void DrawAxes(SvgWriter svg, Chart chart, ChartLayout layout)
    {
        foreach (var tick in layout.XTicks)
        {
            var x = layout.X.ToPixel(tick.Value);
            svg.Leaf("path", ("class", "grid"),
                ("d", $"M{SvgWriter.Number(x)} {SvgWriter.Number(layout.Top)}V{SvgWriter.Number(layout.Bottom)}"));
            svg.Leaf("path", ("class", "tick"),
                ("d", $"M{SvgWriter.Number(x)} {SvgWriter.Number(layout.Bottom)}v{SvgWriter.Number(TickLength)}"));
            svg.Text("text", tick.Label, ("x", x), ("y", layout.Bottom + TickLength + 13), ("text-anchor", "middle"));
        }
        foreach (var tick in layout.YTicks)
        {
            var y = layout.Y.ToPixel(tick.Value);
            svg.Leaf("path", ("class", "grid"),
                ("d", $"M{SvgWriter.Number(layout.Left)} {SvgWriter.Number(y)}H{SvgWriter.Number(layout.Right)}"));
            svg.Text("text", tick.Label, ("x", layout.Left - TickGap), ("y", y + 4), ("text-anchor", "end"));
        }
        svg.Leaf(
            "rect",
            ("class", "frame"),
            ("x", layout.Left),
            ("y", layout.Top),
            ("width", layout.Right - layout.Left),
            ("height", layout.Bottom - layout.Top));
        var middle = (layout.Left + layout.Right) / 2;
        svg.Text("text", chart.X.Title, ("class", "axis-title"), ("x", middle), ("y", chart.Height - 6.0),
            ("text-anchor", "middle"));
        if (chart.Y.Title.Length > 0)
        {
            // Above the axis and level: nobody has to turn the head.
            svg.Text("text", chart.Y.Title, ("class", "axis-title"), ("x", 4.0), ("y", layout.Top - 9));
        }
    }

    // An inner svg element clips without an id, which would have to be unique in the page.
    private static void DrawClipped(SvgWriter svg, ChartLayout layout, string content)
    {
        var (width, height) = (layout.Right - layout.Left, layout.Bottom - layout.Top);
        svg.Open(
            "svg",
            ("x", layout.Left),
            ("y", layout.Top),
            ("width", width),
            ("height", height),
            ("viewBox", string.Join(' ', new[] { layout.Left, layout.Top, width, height }.Select(SvgWriter.Number))),
            ("overflow", "hidden"));
        svg.Raw(content).Close();
    }

    private static void DrawEndLabels(SvgWriter svg, ChartLayout layout, List<EndLabel> labels)
    {
        var places = LabelPlacement.Spread([.. labels.Select(l => l.Y)], 14, layout.Top + 4, layout.Bottom - 4);
        for (var i = 0; i < labels.Count; i++)
        {
            var x = layout.Right + ChartLayout.EndLabelGap;
            svg.Leaf(
                "path",
                ("class", "leader"),
                ("d", $"M{SvgWriter.Number(labels[i].X + 5)} "
                    + $"{SvgWriter.Number(labels[i].Y)}L{SvgWriter.Number(layout.Right + 2)} "
                    + $"{SvgWriter.Number(labels[i].Y)}L{SvgWriter.Number(x - 2)} {SvgWriter.Number(places[i])}"));
            svg.Text("text", labels[i].Text, ("x", x), ("y", places[i] + 4));
        }
    }
}
