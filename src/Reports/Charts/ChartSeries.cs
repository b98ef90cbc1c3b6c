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

    /// <summary>The trace of plotly that draws it; null for what is part of the layout.</summary>
    /// <param name="showLegend">Whether it is the first series of its name.</param>
    internal abstract object? Trace(bool showLegend);

    private protected object LineOf(double width) => new { color = Style.Hex, width, dash = Style.Dash };

    private protected string? Group => PlotlyFigure.Text(Name);
}

/// <summary>A point of a chart.</summary>
/// <param name="Label">What a pointer that rests on the point is told, in lines; the values when null.</param>
public readonly record struct ChartPoint(double X, double Y, string? Label = null);

/// <summary>A line through points in the order given; a point without a place (NaN, or not positive on a log axis)
/// breaks it.</summary>
public sealed record LineSeries : ChartSeries
{
    // Clear of the marker that may stand at the same place.
    private const string Gap = "\u00a0\u00a0";

    public required IReadOnlyList<ChartPoint> Points { get; init; }

    /// <summary>Words beside the last point; none when null.</summary>
    public string? EndLabel { get; init; }

    /// <summary>Whether each point also carries the style's marker.</summary>
    public bool ShowMarkers { get; init; }

    /// <summary>Whether a pointer passes over it: a law's line beside the runs that it goes through.</summary>
    public bool IsSilent { get; init; }

    internal override object Trace(bool showLegend) => new
    {
        type = "scatter",
        mode = "lines" + (ShowMarkers ? "+markers" : "") + (EndLabel is null ? "" : "+text"),
        name = Group,
        legendgroup = Group,
        showlegend = showLegend,
        x = Points.Select(p => p.X),
        y = Points.Select(p => p.Y),
        opacity = Style.Opacity,
        line = LineOf(Style.Width),
        marker = ShowMarkers ? Style.MarkerOf() : null,
        text = EndLabel is null ? null : Points.Select((_, i) => i < Points.Count - 1 ? "" : Gap + EndLabel),
        textposition = EndLabel is null ? null : "middle right",
        cliponaxis = EndLabel is null ? (bool?)null : false,
        hoverinfo = IsSilent ? "skip" : null,
        hovertext = IsSilent ? null : PlotlyFigure.Labels(Points),
        hovertemplate = IsSilent ? null : PlotlyFigure.HoverTemplate(Points),
    };
}

/// <summary>Points, with an interval along the horizontal axis where asked for.</summary>
public sealed record ScatterSeries : ChartSeries
{
    public required IReadOnlyList<ChartPoint> Points { get; init; }

    /// <summary>The interval of each point's X; none when empty.</summary>
    public IReadOnlyList<(double Low, double High)> Intervals { get; init; } = [];

    internal override object Trace(bool showLegend) => new
    {
        type = "scatter",
        mode = "markers",
        name = Group,
        legendgroup = Group,
        showlegend = showLegend,
        x = Points.Select(p => p.X),
        y = Points.Select(p => p.Y),
        opacity = Style.Opacity,
        marker = Style.MarkerOf(),
        error_x = Intervals.Count == 0 ? null : new
        {
            type = "data",
            symmetric = false,
            color = Style.Hex,
            thickness = Style.Width,
            width = 4,
            array = Points.Zip(Intervals, (p, interval) => interval.High - p.X),
            arrayminus = Points.Zip(Intervals, (p, interval) => p.X - interval.Low),
        },
        hovertext = PlotlyFigure.Labels(Points),
        hovertemplate = PlotlyFigure.HoverTemplate(Points),
    };
}

/// <summary>The area between two lines: an interval that changes along the horizontal axis.</summary>
public sealed record BandSeries : ChartSeries
{
    /// <summary>The edges, in the order of X.</summary>
    public required IReadOnlyList<BandPoint> Points { get; init; }

    internal override object Trace(bool showLegend) => new
    {
        type = "scatter",
        mode = "lines",
        name = Group,
        legendgroup = Group,
        showlegend = showLegend,
        x = Points.Concat(Points.Reverse()).Select(p => p.X),
        y = Points.Select(p => p.High).Concat(Points.Reverse().Select(p => p.Low)),
        fill = "toself",
        // The last two digits are its opacity.
        fillcolor = Style.Hex + "26",
        line = new { width = 0 },
        hoverinfo = "skip",
    };
}

/// <summary>The lower and upper edge of a band at one place.</summary>
public readonly record struct BandPoint(double X, double Low, double High);

/// <summary>Lines of equal value over the plane, each labelled with its value.</summary>
public sealed record ContourSeries : ChartSeries
{
    /// <summary>The places along the horizontal axis, ascending.</summary>
    public required IReadOnlyList<double> Xs { get; init; }

    /// <summary>The places along the vertical axis, ascending.</summary>
    public required IReadOnlyList<double> Ys { get; init; }

    /// <summary>The value at (x, y); NaN where there is none.</summary>
    public required Func<double, double, double> Value { get; init; }

    /// <summary>The value of one line, and the distance from line to line.</summary>
    public required (double Start, double Step) Levels { get; init; }

    /// <summary>Whether the lines carry their values.</summary>
    public bool ShowLabels { get; init; } = true;

    internal override object Trace(bool showLegend)
    {
        List<List<double>> z = [.. Ys.Select(y => Xs.Select(x => Value(x, y)).ToList())];
        return new
        {
            type = "contour",
            name = Group,
            legendgroup = Group,
            showlegend = showLegend,
            showscale = false,
            x = Xs,
            y = Ys,
            z,
            opacity = Style.Opacity,
            contours = new
            {
                coloring = "none",
                showlabels = ShowLabels,
                labelfont = new { color = Palette.Ink },
                start = Levels.Start,
                end = z.SelectMany(row => row).Where(double.IsFinite).Max(),
                size = Levels.Step,
            },
            line = LineOf(Style.Width),
            hovertemplate = $"{Group}<br>%{{x}}, %{{y}}: %{{z:.4f}}<extra></extra>",
        };
    }
}

/// <summary>A straight line across the plot at one value: "equal", "no effect", a budget.</summary>
public sealed record ReferenceLine : ChartSeries
{
    public required double Value { get; init; }

    /// <summary>Whether it stands upright at a value of X; otherwise it lies at a value of Y.</summary>
    public bool IsVertical { get; init; }

    /// <summary>Words beside it; none when null.</summary>
    public string? Label { get; init; }

    internal override object? Trace(bool showLegend) => null;

    internal object Shape() => new
    {
        type = "line",
        layer = "below",
        xref = IsVertical ? "x" : "paper",
        yref = IsVertical ? "paper" : "y",
        x0 = IsVertical ? Value : 0,
        x1 = IsVertical ? Value : 1,
        y0 = IsVertical ? 0 : Value,
        y1 = IsVertical ? 1 : Value,
        line = new { color = Palette.FaintInk, width = 1.2, dash = "dash" },
        label = Label is null ? null : new
        {
            text = PlotlyFigure.Text(Label),
            textposition = "end",
            textangle = 0,
            xanchor = IsVertical ? "left" : "right",
            yanchor = IsVertical ? "top" : "bottom",
            font = new { color = Palette.FaintInk, size = 11 },
        },
    };
}
