namespace PretrainBench.Reports.Charts;

/// <summary>Where the parts of a chart lie, in pixels from the upper left corner.</summary>
internal sealed class ChartLayout
{
    /// <summary>The distance between the plot and the words beside line ends.</summary>
    public const double EndLabelGap = 12;

    private const double PixelsPerXTick = 62;
    private const double PixelsPerYTick = 42;

    public required double Left { get; init; }

    public required double Right { get; init; }

    /// <summary>The upper edge of the plot.</summary>
    public required double Top { get; init; }

    /// <summary>The lower edge of the plot.</summary>
    public required double Bottom { get; init; }

    public required double LegendTop { get; init; }

    public required Legend Legend { get; init; }

    /// <summary>The horizontal axis on the plot's pixels.</summary>
    public required AxisMap X { get; init; }

    /// <summary>The vertical axis on the plot's pixels.</summary>
    public required AxisMap Y { get; init; }

    /// <summary>The marks of the horizontal axis.</summary>
    public required IReadOnlyList<Tick> XTicks { get; init; }

    /// <summary>The marks of the vertical axis.</summary>
    public required IReadOnlyList<Tick> YTicks { get; init; }

    /// <summary>Lays a chart out; the widths of labels decide the margins.</summary>
    public static ChartLayout Of(Chart chart)
    {
        var legend = new Legend(chart, 4, chart.Width - 4);
        var top = 6 + legend.RowCount * Legend.RowHeight + (chart.Y.Title.Length > 0 ? 22 : 4);
        double bottom = chart.Height - (chart.X.Title.Length > 0 ? 44 : 24);
        (ChartPoint[] extent, var right) = (ExtentOf(chart), chart.Width - RightMargin(chart));

        var y = new AxisMap(chart.Y, AxisMap.Range(chart.Y, extent.Select(p => p.Y)), bottom, top);
        if (chart.Y.Scale == AxisScale.Category)
        {
            // The first category is read first: on top.
            y = new AxisMap(chart.Y, (y.Low, y.High), top, bottom);
        }
        var yTicks = y.TicksAt(PixelsPerYTick);
        var left = 14 + yTicks.Select(t => TextWidth.Of(t.Label)).DefaultIfEmpty(10).Max();
        var x = new AxisMap(chart.X, AxisMap.Range(chart.X, extent.Select(p => p.X)), left, right);
        return new ChartLayout
        {
            Left = left,
            Right = right,
            Top = top,
            Bottom = bottom,
            LegendTop = 2,
            Legend = legend,
            X = x,
            Y = y,
            XTicks = x.TicksAt(PixelsPerXTick),
            YTicks = yTicks,
        };
    }

    private static ChartPoint[] ExtentOf(Chart chart) => [.. chart.Series.SelectMany(s => s.Extent())];

    private static double RightMargin(Chart chart)
    {
        var labels = chart.Series.OfType<LineSeries>().Select(l => l.EndLabel).OfType<string>();
        var widest = labels.Select(l => TextWidth.Of(l)).DefaultIfEmpty(0).Max();
        return widest > 0 ? widest + EndLabelGap + 4 : 16;
    }
}
