using System.Text;

namespace PretrainBench.Reports.Charts;

/// <summary>The colours of charts and pages, light, dark and printed. The first series colours are those of Okabe and
/// Ito (Color Universal Design, 2008), which people with the common kinds of colour blindness can tell apart; some are
/// darkened on paper and lightened on black for contrast, the hue kept.</summary>
internal static class Palette
{
    private static readonly (string Name, string Light, string Dark)[] Colors =
    [
        ("c0", "#0072b2", "#4ba6e8"), ("c1", "#d55e00", "#f2843c"), ("c2", "#009e73", "#2fc79b"),
        ("c3", "#b0558c", "#e29ac4"), ("c4", "#c98700", "#e6ac2c"), ("c5", "#3d9bd6", "#8ecbf2"),
        ("c6", "#6b6b6b", "#a8a8a8"), ("c7", "#8a5a2b", "#c99a6b"), ("c8", "#5b4db3", "#a99cf0"),
        ("c9", "#7a8f00", "#b5d14a"), ("c10", "#c2334d", "#f07f92"),
        ("paper", "#ffffff", "#15181b"), ("panel", "#f5f6f7", "#1e2226"), ("ink", "#16191c", "#eceef0"),
        ("ink-2", "#4b5258", "#aeb6bd"), ("rule", "#c9cfd4", "#454c53"), ("grid", "#e7eaec", "#2a2f34"),
        ("warn", "#9a3b00", "#ffb27d"), ("good", "#00684c", "#63d6b1"),
    ];

    /// <summary>The colours of series, in turn.</summary>
    public static IReadOnlyList<string> Series { get; } =
        [.. Colors.TakeWhile(color => color.Name != "paper").Select(color => color.Light)];

    public static string Paper { get; } = LightOf("paper");

    public static string Ink { get; } = LightOf("ink");

    /// <summary>The colour of ticks, references and remarks.</summary>
    public static string FaintInk { get; } = LightOf("ink-2");

    public static string Rule { get; } = LightOf("rule");

    public static string Grid { get; } = LightOf("grid");

    /// <summary>The colours as CSS variables.</summary>
    public static string Css { get; } = ":root{color-scheme:light dark;" + Variables(color => color.Light)
        + "}\n@media screen and (prefers-color-scheme:dark){:root{" + Variables(color => color.Dark) + "}}\n";

    /// <summary>The dark colour for each light one, as an object of JavaScript.</summary>
    public static string DarkOfLight { get; } =
        "{" + string.Join(',', Colors.Select(color => $"'{color.Light}':'{color.Dark}'")) + "}";

    private static string LightOf(string name) => Colors.First(color => color.Name == name).Light;

    private static string Variables(Func<(string Name, string Light, string Dark), string> value)
        => Colors.Aggregate(new StringBuilder(), (css, color) => css.Append($"--{color.Name}:{value(color)};"))
            .ToString();
}
