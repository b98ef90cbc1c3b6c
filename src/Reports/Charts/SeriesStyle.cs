namespace PretrainBench.Reports.Charts;

/// <summary>How a series looks: a colour of the palette, a marker and a dash.</summary>
public sealed record SeriesStyle
{
    /// <summary>The colour of axes and text: for references and everything that is nobody's series.</summary>
    public const int Neutral = -1;

    /// <summary>Which colour of <see cref="Palette"/>, counted round; or <see cref="Neutral"/>.</summary>
    public int Color { get; init; }

    public MarkerShape Marker { get; init; } = MarkerShape.Circle;

    public LineDash Dash { get; init; } = LineDash.Solid;

    public double Width { get; init; } = 1.75;

    /// <summary>Half the size of a point in pixels.</summary>
    public double Radius { get; init; } = 4;

    /// <summary>From 0, invisible, to 1.</summary>
    public double Opacity { get; init; } = 1;

    /// <summary>The style of the series with this number: colour and marker change together, and the dash after
    /// them.</summary>
    /// <param name="index">0, 1, 2 … in the order of the legend.</param>
    public static SeriesStyle For(int index) => new()
    {
        Color = index,
        Marker = (MarkerShape)(index % 7),
        Dash = (LineDash)(index % 4),
    };

    internal string ColorClass => Color < 0 ? "kn" : "k" + Color % Palette.Count;

    internal string? DashArray => Dash switch
    {
        LineDash.Dashed => "6 4",
        LineDash.Dotted => "1.5 4",
        LineDash.DashDot => "8 3 1.5 3",
        _ => null,
    };
}

/// <summary>The pattern of a line, so that series differ without colour.</summary>
public enum LineDash
{
    Solid,

    Dashed,

    Dotted,

    DashDot,
}

/// <summary>The shape of a point, so that series differ without colour.</summary>
public enum MarkerShape
{
    Circle,

    Square,

    TriangleUp,

    /// <summary>A square on its corner.</summary>
    Diamond,

    TriangleDown,

    /// <summary>An upright cross.</summary>
    Plus,

    Cross,
}
