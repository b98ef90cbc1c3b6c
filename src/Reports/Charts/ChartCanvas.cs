using System.Text;

namespace PretrainBench.Reports.Charts;

/// <summary>Words beside the end of a line, placed after everything else is drawn.</summary>
internal readonly record struct EndLabel(double X, double Y, string Text);

/// <summary>What series draw on: data coordinates in, SVG out.</summary>
internal sealed class ChartCanvas(AxisMap x, AxisMap y)
{
    public AxisMap X { get; } = x;

    public AxisMap Y { get; } = y;

    /// <summary>Lines and areas, cut off at the edge of the plot.</summary>
    public SvgWriter Clipped { get; } = new();

    /// <summary>Markers and words, which may stand over the edge.</summary>
    public SvgWriter Over { get; } = new();

    /// <summary>Words beside the ends of lines.</summary>
    public List<EndLabel> EndLabels { get; } = [];

    /// <summary>A broken line through the points that have a place; a point without one interrupts it.</summary>
    public void Line(IEnumerable<ChartPoint> points, SeriesStyle style)
    {
        var path = PathOf(points);
        if (path.Length > 0) Path(path, style);
    }

    /// <summary>A line from ready path data in pixels.</summary>
    public void Path(string path, SeriesStyle style) => Clipped.Leaf(
        "path",
        ("class", "line " + style.ColorClass),
        ("d", path),
        ("stroke-width", style.Width),
        ("stroke-dasharray", style.DashArray),
        ("opacity", style.Opacity < 1 ? style.Opacity : null));

    /// <summary>A marker, when its place is inside the plot.</summary>
    public void Marker(double x, double y, SeriesStyle style, string? label)
    {
        if (X.Shows(x) && Y.Shows(y)) Markers.Draw(Over, X.ToPixel(x), Y.ToPixel(y), style, label);
    }

    /// <summary>Path data of a broken line, in pixels.</summary>
    public string PathOf(IEnumerable<ChartPoint> points)
    {
        var path = new StringBuilder();
        var penDown = false;
        foreach (var point in points)
        {
            if (!X.CanPlace(point.X) || !Y.CanPlace(point.Y))
            {
                penDown = false;
                continue;
            }
            path.Append(penDown ? 'L' : 'M').Append(SvgWriter.Number(X.ToPixel(point.X))).Append(' ')
                .Append(SvgWriter.Number(Y.ToPixel(point.Y)));
            penDown = true;
        }
        return path.ToString();
    }
}
