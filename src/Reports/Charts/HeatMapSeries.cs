namespace PretrainBench.Reports.Charts;

/// <summary>Cells whose strength of colour follows their value, from the lowest (pale) to the highest (full).</summary>
public sealed record HeatMapSeries : ChartSeries
{
    private const double Palest = 0.06;
    private const double Fullest = 0.9;

    /// <summary>The values, one per cell; cells without a finite value stay empty.</summary>
    public required ChartGrid Grid { get; init; }

    /// <summary>What a pointer that rests on a cell is told, from (x, y, value); nothing when null.</summary>
    public Func<double, double, double, string>? LabelOf { get; init; }

    internal override IEnumerable<ChartPoint> Extent()
        => [new ChartPoint(Grid.Xs[0], Grid.Ys[0]), new ChartPoint(Grid.Xs[^1], Grid.Ys[^1])];

    internal override void Draw(ChartCanvas canvas)
    {
        var xs = Borders([.. Grid.Xs.Select(canvas.X.ToPixel)]);
        var ys = Borders([.. Grid.Ys.Select(canvas.Y.ToPixel)]);
        double[] finite = [.. Grid.Values.Cast<double>().Where(double.IsFinite)];
        if (finite.Length == 0) return;
        var (low, high) = (finite.Min(), finite.Max());
        for (var i = 0; i < Grid.Xs.Count; i++)
        {
            for (var j = 0; j < Grid.Ys.Count; j++)
            {
                var value = Grid.Values[i, j];
                if (double.IsFinite(value))
                {
                    var share = high > low ? (value - low) / (high - low) : 1;
                    var label = LabelOf?.Invoke(Grid.Xs[i], Grid.Ys[j], value);
                    DrawCell(canvas.Clipped, xs[i], xs[i + 1], ys[j], ys[j + 1], Palest + share * (Fullest - Palest), label);
                }
            }
        }
    }

    internal override void DrawSample(SvgWriter svg, double x, double y) => svg.Leaf(
        "rect", ("class", "area " + Style.ColorClass), ("x", x - 7), ("y", y - 5), ("width", 14.0), ("height", 10.0));

    private void DrawCell(SvgWriter svg, double x1, double x2, double y1, double y2, double strength, string? label)
    {
        svg.Open(
            "rect",
            ("class", "area " + Style.ColorClass),
            ("x", Math.Min(x1, x2)),
            ("y", Math.Min(y1, y2)),
            ("width", Math.Abs(x2 - x1)),
            ("height", Math.Abs(y2 - y1)),
            ("fill-opacity", strength));
        if (label is not null) svg.Text("title", label);
        svg.Close();
    }

    // Cells meet half way between their centres, in pixels; the outer ones are as wide outside as inside.
    private static double[] Borders(double[] centres)
    {
        var borders = new double[centres.Length + 1];
        for (var i = 1; i < centres.Length; i++) borders[i] = (centres[i - 1] + centres[i]) / 2;
        borders[0] = centres.Length > 1 ? 2 * centres[0] - borders[1] : centres[0] - 10;
        borders[^1] = centres.Length > 1 ? 2 * centres[^1] - borders[^2] : centres[0] + 10;
        return borders;
    }
}
