using System.Text;

namespace PretrainBench.Reports.Charts;

/// <summary>The colours of charts and pages as CSS variables, light, dark and printed. The series colours are those of
/// Okabe and Ito (Color Universal Design, 2008), which people with the common kinds of colour blindness can tell apart;
/// some are darkened on paper and lightened on black for contrast, the hue kept.</summary>
internal static class Palette
{
    private static readonly string[] Light =
        ["#0072b2", "#d55e00", "#009e73", "#b0558c", "#c98700", "#3d9bd6", "#6b6b6b"];
    private static readonly string[] Dark =
        ["#4ba6e8", "#f2843c", "#2fc79b", "#e29ac4", "#e6ac2c", "#8ecbf2", "#a8a8a8"];

    /// <summary>How many colours there are before they repeat.</summary>
    public static int Count => Light.Length;

    /// <summary>The style sheet that both charts and pages need.</summary>
    public static string Css { get; } = BuildCss();

    private static string BuildCss()
    {
        var css = new StringBuilder();
        css.Append(":root{color-scheme:light dark;--paper:#ffffff;--panel:#f5f6f7;--ink:#16191c;--ink-2:#4b5258;")
            .Append("--rule:#c9cfd4;--grid:#e7eaec;--warn:#9a3b00;--good:#00684c;");
        AppendColors(css, Light);
        css.Append(
            "}\n@media screen and (prefers-color-scheme:dark){:root{--paper:#15181b;--panel:#1e2226;--ink:#eceef0;")
            .Append("--ink-2:#aeb6bd;--rule:#454c53;--grid:#2a2f34;--warn:#ffb27d;--good:#63d6b1;");
        AppendColors(css, Dark);
        css.Append("}}\n");
        for (var index = 0; index < Light.Length; index++)
            css.Append(".k").Append(index).Append("{--k:var(--c").Append(index).Append(")}");
        css.Append(".kn{--k:var(--ink-2)}\n").Append(ChartCss);
        return css.ToString();
    }

    private static void AppendColors(StringBuilder css, string[] colors)
    {
        for (var index = 0; index < colors.Length; index++)
            css.Append("--c").Append(index).Append(':').Append(colors[index]).Append(';');
    }

    private const string ChartCss =
        """
        .chart{display:block;width:100%;height:auto;
          font-family:system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif;
          font-size:12px;font-variant-numeric:tabular-nums}
        .chart text{fill:var(--ink-2)}
        .chart .axis-title{fill:var(--ink);font-size:12.5px}
        .chart .frame{fill:none;stroke:var(--rule)}
        .chart .grid{stroke:var(--grid);fill:none}
        .chart .tick{stroke:var(--rule);fill:none}
        .chart .line{fill:none;stroke:var(--k);stroke-linejoin:round;stroke-linecap:round}
        .chart .mark{fill:var(--k);stroke:var(--paper);stroke-width:.8}
        .chart .mark.open{fill:none;stroke:var(--k);stroke-width:2}
        .chart .area{fill:var(--k);stroke:none}
        .chart .leader{stroke:var(--rule);fill:none}
        .chart .halo{paint-order:stroke;stroke:var(--paper);stroke-width:3px;stroke-linejoin:round;fill:var(--ink)}
        .chart .legend{fill:var(--ink)}

        """;
}
