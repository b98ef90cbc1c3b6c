namespace PretrainBench.Reports.Charts;

/// <summary>A straight line across the plot at one value: "equal", "no effect", a budget.</summary>
public sealed record ReferenceLine : ChartSeries
{
    /// <summary>Creates the line, thin and in the colour of the axes.</summary>
    public ReferenceLine() => Style = new SeriesStyle
    {
        Color = SeriesStyle.Neutral,
        Width = 1.2,
        Dash = LineDash.Dashed,
    };

    public required double Value { get; init; }

    /// <summary>Whether it stands upright at a value of X; otherwise it lies at a value of Y.</summary>
    public bool IsVertical { get; init; }

    /// <summary>Words beside it; none when null.</summary>
    public string? Label { get; init; }

    internal override IEnumerable<ChartPoint> Extent()
        => [IsVertical ? new ChartPoint(Value, double.NaN) : new ChartPoint(double.NaN, Value)];

    internal override void Draw(ChartCanvas canvas)
    {
        var along = IsVertical ? canvas.X : canvas.Y;
        if (!along.Shows(Value)) return;
        var other = IsVertical ? canvas.Y : canvas.X;
        canvas.Line([At(other.Low), At(other.High)], Style);
        if (Label is null) return;
        var place = along.ToPixel(Value);
        if (IsVertical)
        {
            var top = Math.Min(canvas.Y.ToPixel(canvas.Y.Low), canvas.Y.ToPixel(canvas.Y.High));
            canvas.Over.Text("text", Label, ("class", "halo"), ("x", place + 4), ("y", top + 12));
        }
        else
        {
            canvas.Over.Text(
                "text", Label, ("class", "halo"), ("x", canvas.X.ToPixel(canvas.X.High) - 4), ("y", place - 5),
                ("text-anchor", "end"));
        }
    }

    internal override void DrawSample(SvgWriter svg, double x, double y) => Legend.SampleLine(svg, x, y, Style);

    private ChartPoint At(double other) => IsVertical ? new ChartPoint(Value, other) : new ChartPoint(other, Value);
}
