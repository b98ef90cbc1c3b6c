namespace PretrainBench.Reports.Charts;

/// <summary>Points.</summary>
public sealed record ScatterSeries : ChartSeries
{
    public required IReadOnlyList<ChartPoint> Points { get; init; }

    internal override IEnumerable<ChartPoint> Extent() => Points;

    internal override void Draw(ChartCanvas canvas)
    {
        foreach (var point in Points) canvas.Marker(point.X, point.Y, Style, point.Label);
    }

    internal override void DrawSample(SvgWriter svg, double x, double y) => Markers.Draw(svg, x, y, Style, null);
}
