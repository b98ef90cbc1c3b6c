namespace PretrainBench.Reports.Charts;

/// <summary>One chart: two axes and what is drawn between them. <see cref="PlotlyFigure"/> turns it into a figure of
/// plotly.</summary>
public sealed record Chart
{
    /// <summary>What the chart shows, in a few words; the accessible name, and the name of saved files.</summary>
    public required string Title { get; init; }

    /// <summary>What a reader who cannot see the chart should know: the accessible description.</summary>
    public string Description { get; init; } = "";

    public required Axis X { get; init; }

    public required Axis Y { get; init; }

    /// <summary>What is drawn, from back to front.</summary>
    public required IReadOnlyList<ChartSeries> Series { get; init; }

    /// <summary>Height of the whole chart in CSS pixels; it is as wide as its column.</summary>
    public int Height { get; init; } = 380;
}

/// <summary>One axis: what it measures, its scale, its range (from the data unless given) and how ticks are
/// written.</summary>
public sealed record Axis
{
    /// <summary>What the axis measures, with its unit.</summary>
    public string Title { get; init; } = "";

    /// <summary>Whether equal ratios are equal distances; values that are not positive are then not drawn.</summary>
    public bool IsLogarithmic { get; init; }

    public TickFormat Format { get; init; } = TickFormat.Number;

    /// <summary>The lowest value shown; from the data when null.</summary>
    public double? Minimum { get; init; }

    /// <summary>The highest value shown; from the data when null.</summary>
    public double? Maximum { get; init; }

    /// <summary>Names along the axis, name i at value i, the first at the upper end of a vertical axis; none for an
    /// axis of numbers.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <param name="title">What the axis measures, with its unit.</param>
    public static Axis Linear(string title, TickFormat format = TickFormat.Number)
        => new() { Title = title, Format = format };

    /// <param name="title">What the axis measures, with its unit.</param>
    public static Axis Log(string title, TickFormat format = TickFormat.Number)
        => new() { Title = title, IsLogarithmic = true, Format = format };

    /// <summary>An axis of named places.</summary>
    public static Axis Category(IReadOnlyList<string> categories) => new() { Categories = categories };
}

/// <summary>How the values of an axis are written.</summary>
public enum TickFormat
{
    /// <summary>Decimals; very small and very large numbers with a power of ten.</summary>
    Number,

    /// <summary>Counts with k, M, B and T for thousands to trillions: parameters and tokens.</summary>
    Count,

    /// <summary>Fractions as percentages: .05 is 5 %.</summary>
    Percent,

    /// <summary>Fractions as differences in percent: −.05 is −5 %.</summary>
    Change,
}
