namespace PretrainBench.Reports.Charts;

/// <summary>One axis: what it measures, its scale, its range (from the data unless given) and how ticks are
/// written.</summary>
public sealed record Axis
{
    /// <summary>What the axis measures, with its unit.</summary>
    public string Title { get; init; } = "";

    /// <summary>How values become positions.</summary>
    public AxisScale Scale { get; init; } = AxisScale.Linear;

    /// <summary>How tick values are written.</summary>
    public TickFormat Format { get; init; } = TickFormat.Number;

    /// <summary>The lowest value shown; from the data when null.</summary>
    public double? Minimum { get; init; }

    /// <summary>The highest value shown; from the data when null.</summary>
    public double? Maximum { get; init; }

    /// <summary>The names along a <see cref="AxisScale.Category"/> axis.</summary>
    public IReadOnlyList<string> Categories { get; init; } = [];

    /// <summary>A linear axis.</summary>
    /// <param name="title">What the axis measures, with its unit.</param>
    /// <param name="format">How tick values are written.</param>
    public static Axis Linear(string title, TickFormat format = TickFormat.Number)
        => new() { Title = title, Scale = AxisScale.Linear, Format = format };

    /// <summary>A logarithmic axis.</summary>
    /// <param name="title">What the axis measures, with its unit.</param>
    /// <param name="format">How tick values are written.</param>
    public static Axis Log(string title, TickFormat format = TickFormat.Number)
        => new() { Title = title, Scale = AxisScale.Log, Format = format };

    /// <summary>An axis of named places.</summary>
    /// <param name="categories">The names, in order.</param>
    /// <param name="title">What the names are; may be empty when they speak for themselves.</param>
    public static Axis Category(IReadOnlyList<string> categories, string title = "")
        => new() { Title = title, Scale = AxisScale.Category, Categories = categories };
}

/// <summary>How values become positions along an axis.</summary>
public enum AxisScale
{
    /// <summary>Equal differences are equal distances.</summary>
    Linear,

    /// <summary>Equal ratios are equal distances; values that are not positive are not drawn.</summary>
    Log,

    /// <summary>Named places: category i lies at value i; on a vertical axis the first is on top.</summary>
    Category,
}

/// <summary>How the values of an axis are written.</summary>
public enum TickFormat
{
    /// <summary>Plain decimals; very small and very large numbers as a mantissa times a power of ten.</summary>
    Number,

    /// <summary>Counts with K, M, B and T for thousands to trillions: parameters and tokens.</summary>
    Count,

    /// <summary>Fractions as percentages: .05 is 5 %.</summary>
    Percent,
}
