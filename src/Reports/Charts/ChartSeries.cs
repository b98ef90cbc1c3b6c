namespace PretrainBench.Reports.Charts;

/// <summary>Something that a chart draws. Series with the same name share one entry of the legend.</summary>
public abstract record ChartSeries
{
    private protected ChartSeries()
    {
    }

    /// <summary>The entry in the legend; none when null.</summary>
    public string? Name { get; init; }

    public SeriesStyle Style { get; init; } = new();

    /// <summary>The points that the axes must show when they have no limits of their own.</summary>
    internal abstract IEnumerable<ChartPoint> Extent();

    internal abstract void Draw(ChartCanvas canvas);

    /// <summary>Draws the sample in the legend, in a box of <see cref="Legend.SampleWidth"/> around (x, y).</summary>
    internal abstract void DrawSample(SvgWriter svg, double x, double y);
}

/// <summary>A point of a chart.</summary>
/// <param name="Label">What a pointer that rests on the point is told; nothing when null.</param>
public readonly record struct ChartPoint(double X, double Y, string? Label = null);
