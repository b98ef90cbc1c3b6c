namespace PretrainBench.Reports.Charts;

/// <summary>How a series looks: a colour of the palette, a marker and a dash.</summary>
public sealed record SeriesStyle
{
    /// <summary>The colour of axes and text: for references and everything that is nobody's series.</summary>
    public const int Neutral = -1;

    private static readonly string[] Markers =
    [
        "circle", "square", "triangle-up", "diamond", "triangle-down", "cross", "x", "pentagon", "star", "hourglass",
        "hexagram",
    ];

    private static readonly string[] Dashes = ["solid", "dash", "dot", "dashdot"];

    /// <summary>Which colour of <see cref="Palette"/>, counted round; or <see cref="Neutral"/>.</summary>
    public int Color { get; init; }

    /// <summary>The shape of points, by plotly's name.</summary>
    public string Marker { get; init; } = Markers[0];

    /// <summary>The pattern of lines, by plotly's name: solid, dash, dot, dashdot.</summary>
    public string Dash { get; init; } = Dashes[0];

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
        Marker = Markers[index % Markers.Length],
        Dash = Dashes[index % Dashes.Length],
    };

    internal string Hex => Color < 0 ? Palette.FaintInk : Palette.Series[Color % Palette.Series.Count];

    internal object MarkerOf() => new
    {
        symbol = Marker,
        color = Hex,
        size = 2 * Radius,
        line = new { color = Palette.Paper, width = 0.8 },
    };
}
