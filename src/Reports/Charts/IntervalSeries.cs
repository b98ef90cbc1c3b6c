namespace PretrainBench.Reports.Charts;

/// <summary>Values with intervals: error bars, upright or lying.</summary>
internal sealed record IntervalSeries : ChartSeries
{
    private const double CapPixels = 3.5;

    public required IReadOnlyList<IntervalPoint> Points { get; init; }

    /// <summary>Whether values lie along the horizontal axis and positions along the vertical one.</summary>
    public bool IsHorizontal { get; init; }

    internal override IEnumerable<ChartPoint> Extent()
        => Points.SelectMany(p => new[] { At(p.Position, p.Value), At(p.Position, p.Low), At(p.Position, p.High) });

    internal override void Draw(ChartCanvas canvas)
    {
        foreach (var point in Points)
        {
            DrawBar(canvas, point);
            var value = At(point.Position, point.Value);
            canvas.Marker(value.X, value.Y, Style, point.Label);
        }
    }

    internal override void DrawSample(SvgWriter svg, double x, double y)
    {
        Legend.SampleLine(svg, x, y, Style with { Dash = LineDash.Solid });
        Markers.Draw(svg, x, y, Style, null);
    }

    private void DrawBar(ChartCanvas canvas, IntervalPoint point)
    {
        var along = IsHorizontal ? canvas.X : canvas.Y;
        var across = IsHorizontal ? canvas.Y : canvas.X;
        if (!along.CanPlace(point.Low) || !along.CanPlace(point.High) || !across.CanPlace(point.Position)) return;
        (var low, var high, var place) =
            (along.ToPixel(point.Low), along.ToPixel(point.High), across.ToPixel(point.Position));
        var bar = Stroke(low, place, high, place)
            + Stroke(low, place - CapPixels, low, place + CapPixels)
            + Stroke(high, place - CapPixels, high, place + CapPixels);
        canvas.Path(bar, Style with { Dash = LineDash.Solid });
    }

    private string Stroke(double along1, double across1, double along2, double across2) => IsHorizontal
        ? $"M{SvgWriter.Number(along1)} {SvgWriter.Number(across1)}L{SvgWriter.Number(along2)} "
            + $"{SvgWriter.Number(across2)}"
        : $"M{SvgWriter.Number(across1)} {SvgWriter.Number(along1)}L{SvgWriter.Number(across2)} "
            + $"{SvgWriter.Number(along2)}";

    private ChartPoint At(double position, double value)
        => IsHorizontal ? new ChartPoint(value, position) : new ChartPoint(position, value);
}

/// <summary>A value with its interval.</summary>
/// <param name="Position">Where it stands on the other axis.</param>
/// <param name="Low">The lower end of the interval.</param>
/// <param name="High">The upper end of the interval.</param>
/// <param name="Label">What a pointer that rests on the point is told; nothing when null.</param>
internal readonly record struct IntervalPoint(double Position, double Value, double Low, double High,
    string? Label = null);
