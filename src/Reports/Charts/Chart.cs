namespace PretrainBench.Reports.Charts;

/// <summary>One chart: two axes and what is drawn between them. <see cref="SvgChart"/> turns it into SVG.</summary>
public sealed record Chart
{
    /// <summary>The default width, in CSS pixels.</summary>
    public const int DefaultWidth = 600;

    /// <summary>The default height, in CSS pixels.</summary>
    public const int DefaultHeight = 380;

    /// <summary>What the chart shows, in a few words; the accessible name.</summary>
    public required string Title { get; init; }

    /// <summary>What a reader who cannot see the chart should know: the accessible description.</summary>
    public string Description { get; init; } = "";

    public required Axis X { get; init; }

    public required Axis Y { get; init; }

    /// <summary>What is drawn, from back to front.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Width of the whole chart in CSS pixels; the picture scales down with its column.</summary>
    public int Width { get; init; } = DefaultWidth;

    /// <summary>Height of the whole chart in CSS pixels.</summary>
    public int Height { get; init; } = DefaultHeight;

    /// <summary>Whether named series are listed above the plot; switch it off when direct labels say
    /// everything.</summary>
    public bool ShowLegend { get; init; } = true;
}
