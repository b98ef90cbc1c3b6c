namespace PretrainBench.Reports.Charts;

/// <summary>Draws the shapes of points, each of about the same area.</summary>
internal static class Markers
{
    /// <summary>Draws one marker centred at a pixel.</summary>
    public static void Draw(SvgWriter svg, double x, double y, SeriesStyle style, string? label)
    {
        var isOpen = style.Marker is MarkerShape.Plus or MarkerShape.Cross;
        (string, object?)[] attributes =
        [
            ("class", (isOpen ? "mark open " : "mark ") + style.ColorClass),
            ("d", PathOf(style.Marker, x, y, style.Radius)),
            ("opacity", style.Opacity < 1 ? style.Opacity : null),
        ];
        if (label is null) svg.Leaf("path", attributes);
        else svg.Open("path", attributes).Text("title", label).Close();
    }

    private static string PathOf(MarkerShape shape, double x, double y, double r) => shape switch
    {
        MarkerShape.Square => Polygon(x, y, 0.89 * r, (-1, -1), (1, -1), (1, 1), (-1, 1)),
        MarkerShape.TriangleUp => Polygon(x, y, 1.25 * r, (0, -1), (0.92, 0.62), (-0.92, 0.62)),
        MarkerShape.TriangleDown => Polygon(x, y, 1.25 * r, (0, 1), (0.92, -0.62), (-0.92, -0.62)),
        MarkerShape.Diamond => Polygon(x, y, 1.25 * r, (0, -1), (1, 0), (0, 1), (-1, 0)),
        MarkerShape.Plus => Strokes(x, y, r, (-1, 0, 1, 0), (0, -1, 0, 1)),
        MarkerShape.Cross => Strokes(x, y, 0.8 * r, (-1, -1, 1, 1), (-1, 1, 1, -1)),
        _ => Disc(x, y, r),
    };

    private static string Disc(double x, double y, double r)
    {
        var radius = SvgWriter.Number(r);
        var across = SvgWriter.Number(2 * r);
        return $"M{At(x - r, y)}a{radius} {radius} 0 1 0 {across} 0a{radius} {radius} 0 1 0 -{across} 0Z";
    }

    private static string Polygon(double x, double y, double r, params (double X, double Y)[] corners)
        => "M" + string.Join('L', corners.Select(c => At(x + r * c.X, y + r * c.Y))) + "Z";

    private static string Strokes(double x, double y, double r,
        params (double X1, double Y1, double X2, double Y2)[] strokes)
        => string.Concat(strokes.Select(s => $"M{At(x + r * s.X1, y + r * s.Y1)}L{At(x + r * s.X2, y + r * s.Y2)}"));

    private static string At(double x, double y) => SvgWriter.Number(x) + " " + SvgWriter.Number(y);
}
