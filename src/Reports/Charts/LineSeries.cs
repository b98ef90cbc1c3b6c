namespace PretrainBench.Reports.Charts;

/// <summary>A line through points in the order given; a point without a place (NaN, or not positive on a log axis)
/// breaks it.</summary>
public sealed record LineSeries : ChartSeries
{
    public required IReadOnlyList<ChartPoint> Points { get; init; }

    /// <summary>Words beside the last point; none when null.</summary>
    public string? EndLabel { get; init; }

    /// <summary>Whether each point also carries the style's marker.</summary>
    public bool ShowMarkers { get; init; }

    internal override IEnumerable<ChartPoint> Extent() => Points;

    internal override void Draw(ChartCanvas canvas)
    {
        canvas.Line(Points, Style);
        if (ShowMarkers)
        {
            foreach (var point in Points) canvas.Marker(point.X, point.Y, Style, point.Label);
        }
        if (EndLabel is not null)
        {
            ChartPoint[] shown = [.. Points.Where(p => canvas.X.Shows(p.X) && canvas.Y.Shows(p.Y))];
            if (shown.Length > 0)
                canvas.EndLabels.Add(
                    new EndLabel(canvas.X.ToPixel(shown[^1].X), canvas.Y.ToPixel(shown[^1].Y), EndLabel));
        }
    }

    internal override void DrawSample(SvgWriter svg, double x, double y)
    {
        Legend.SampleLine(svg, x, y, Style);
        if (ShowMarkers) Markers.Draw(svg, x, y, Style, null);
    }
}
