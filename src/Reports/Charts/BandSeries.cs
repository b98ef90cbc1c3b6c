namespace PretrainBench.Reports.Charts;

/// <summary>The area between two lines: an interval that changes along the horizontal axis.</summary>
public sealed record BandSeries : ChartSeries
{
    private const double AreaOpacity = 0.16;

    /// <summary>The edges, in the order of X.</summary>
    public required IReadOnlyList<BandPoint> Points { get; init; }

    internal override IEnumerable<ChartPoint> Extent()
        => Points.SelectMany(p => new[] { new ChartPoint(p.X, p.Low), new ChartPoint(p.X, p.High) });

    internal override void Draw(ChartCanvas canvas)
    {
        BandPoint[] placed =
            [.. Points.Where(p => canvas.X.CanPlace(p.X) && canvas.Y.CanPlace(p.Low) && canvas.Y.CanPlace(p.High))];
        var outline = placed.Select(p => new ChartPoint(p.X, p.High))
            .Concat(placed.Reverse().Select(p => new ChartPoint(p.X, p.Low)));
        if (placed.Length > 1)
        {
            canvas.Clipped.Leaf(
                "path",
                ("class", "area " + Style.ColorClass),
                ("d", canvas.PathOf(outline) + "Z"),
                ("opacity", AreaOpacity * Style.Opacity));
        }
    }

    internal override void DrawSample(SvgWriter svg, double x, double y) => svg.Leaf(
        "rect",
        ("class", "area " + Style.ColorClass),
        ("x", x - Legend.SampleWidth / 2),
        ("y", y - 5),
        ("width", Legend.SampleWidth),
        ("height", 10.0),
        ("opacity", AreaOpacity * Style.Opacity * 1.5));
}

/// <summary>The lower and upper edge of a band at one place.</summary>
/// <param name="High">The upper edge.</param>
public readonly record struct BandPoint(double X, double Low, double High);
