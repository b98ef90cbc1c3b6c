namespace PretrainBench.Reports.Charts;

/// <summary>Lines of equal value over the plane, each labelled with its value.</summary>
internal sealed record ContourSeries : ChartSeries
{
    private const double ShortestLabelledPixels = 60;

    public required ChartGrid Grid { get; init; }

    /// <summary>The values at which lines are drawn.</summary>
    public required IReadOnlyList<double> Levels { get; init; }

    /// <summary>Writes the label of a level; none are written when null.</summary>
    public Func<double, string>? LabelOf { get; init; }

    /// <summary>Where along each line its label stands, from 0 to 1; give overlaid families different places.</summary>
    public double LabelPosition { get; init; } = 0.5;

    internal override IEnumerable<ChartPoint> Extent()
        => [new ChartPoint(Grid.Xs[0], Grid.Ys[0]), new ChartPoint(Grid.Xs[^1], Grid.Ys[^1])];

    internal override void Draw(ChartCanvas canvas)
    {
        double[] xs = [.. Grid.Xs.Select(canvas.X.ToPixel)];
        double[] ys = [.. Grid.Ys.Select(canvas.Y.ToPixel)];
        foreach (var level in Levels)
        {
            foreach (var line in MarchingSquares.Lines(xs, ys, Grid.Values, level))
            {
                canvas.Path("M"
                    + string.Join('L', line.Select(p => SvgWriter.Number(p.X) + " " + SvgWriter.Number(p.Y))), Style);
                DrawLabel(canvas, level, [.. line.Where(p => IsInside(canvas, p))]);
            }
        }
    }

    internal override void DrawSample(SvgWriter svg, double x, double y) => Legend.SampleLine(svg, x, y, Style);

    private void DrawLabel(ChartCanvas canvas, double level, List<(double X, double Y)> shown)
    {
        var length =
            shown.Zip(shown.Skip(1), (a, b) => Math.Sqrt(Math.Pow(a.X - b.X, 2) + Math.Pow(a.Y - b.Y, 2))).Sum();
        if (LabelOf is null || length < ShortestLabelledPixels) return;
        var (x, y) = shown[(int)(LabelPosition * (shown.Count - 1))];
        canvas.Over.Text("text", LabelOf(level), ("class", "halo"), ("x", x), ("y", y + 4), ("text-anchor", "middle"));
    }

    private static bool IsInside(ChartCanvas canvas, (double X, double Y) p)
    {
        var (left, right) = (canvas.X.ToPixel(canvas.X.Low), canvas.X.ToPixel(canvas.X.High));
        var (bottom, top) = (canvas.Y.ToPixel(canvas.Y.Low), canvas.Y.ToPixel(canvas.Y.High));
        return p.X >= left && p.X <= right && p.Y >= top && p.Y <= bottom;
    }
}
