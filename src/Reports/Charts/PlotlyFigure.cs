using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using PretrainBench.Analysis;

namespace PretrainBench.Reports.Charts;

/// <summary>Charts as figures of plotly: an object with <c>data</c> and <c>layout</c>. They are written from small
/// records, since Plotly.NET's own builders take F# options by the dozen and bring three more libraries. The text
/// depends on the chart alone, and its colours are those for paper.</summary>
internal static class PlotlyFigure
{
    private const string Fonts = "system-ui, -apple-system, 'Segoe UI', Roboto, 'DejaVu Sans', sans-serif";

    // The default encoder leaves nothing in a text that could end a script element.
    private static readonly JsonSerializerOptions Json = new(AnalysisJson.Options)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.Default,
        WriteIndented = false,
    };

    public static string Write(Chart chart)
    {
        var named = new HashSet<string>();
        return JsonSerializer.Serialize(new
        {
            data = chart.Series.Select(series => series.Trace(series.Name is not null && named.Add(series.Name)))
                .Where(trace => trace is not null).ToList(),
            layout = Layout(chart),
        }, Json);
    }

    /// <summary>Text as plotly shows it unchanged, line by line: it reads a little HTML.</summary>
    public static string? Text(string? text)
        => text?.Replace("&", "&amp;").Replace("<", "&lt;").Replace("\n", "<br>");

    /// <summary>What a pointer is told at each point; null where no point says anything.</summary>
    public static IEnumerable<string?>? Labels(IReadOnlyList<ChartPoint> points)
        => points.All(point => point.Label is null) ? null : points.Select(point => Text(point.Label));

    /// <summary>The points' own words instead of their values, where they have any.</summary>
    public static string? HoverTemplate(IReadOnlyList<ChartPoint> points)
        => points.All(point => point.Label is null) ? null : "%{hovertext}<extra></extra>";

    private static object Layout(Chart chart) => new
    {
        height = chart.Height,
        autosize = true,
        font = new { family = Fonts, size = 12, color = Palette.FaintInk },
        paper_bgcolor = Palette.Paper,
        plot_bgcolor = Palette.Paper,
        margin = new
        {
            l = 56,
            r = chart.Series.Any(series => series is LineSeries { EndLabel: not null }) ? 84 : 20,
            t = 28,
            b = 48,
        },
        modebar = new { orientation = "v", bgcolor = "rgba(0,0,0,0)" },
        hovermode = "closest",
        hoverlabel = new { align = "left" },
        dragmode = "zoom",
        showlegend = chart.Series.Any(series => series.Name is not null),
        legend = new { orientation = "h", x = 0, y = 1.02, yanchor = "bottom", font = new { color = Palette.Ink } },
        xaxis = AxisOf(chart.X, isVertical: false),
        yaxis = AxisOf(chart.Y, isVertical: true),
        shapes = chart.Series.OfType<ReferenceLine>().Select(line => line.Shape()),
    };

    private static object AxisOf(Axis axis, bool isVertical)
    {
        var named = axis.Categories.Count > 0;
        double? Place(double? value) => axis.IsLogarithmic && value is { } number ? Math.Log10(number) : value;
        double?[] ends = named ? [-0.5, axis.Categories.Count - 0.5] : [Place(axis.Minimum), Place(axis.Maximum)];
        return new
        {
            type = axis.IsLogarithmic ? "log" : "linear",
            title = axis.Title.Length == 0 ? null
                : new { text = Text(axis.Title), font = new { color = Palette.Ink }, standoff = 8 },
            automargin = true,
            // Plotly itself fits too many on a narrow screen, and on logarithmic axes all nine digits of a decade.
            nticks = axis.IsLogarithmic ? isVertical ? 5 : 3 : isVertical ? null : (int?)6,
            gridcolor = Palette.Grid,
            linecolor = Palette.Rule,
            mirror = true,
            showline = true,
            zeroline = false,
            // The first name stands on top.
            range = ends.All(end => end is null) ? null : named && isVertical ? ends.Reverse() : ends,
            tickformat = axis.Format switch { TickFormat.Percent => "~%", TickFormat.Change => "+~%", _ => null },
            exponentformat = axis.Format == TickFormat.Count ? "B" : "e",
            tickvals = named ? Enumerable.Range(0, axis.Categories.Count) : null,
            ticktext = named ? axis.Categories.Select(Text) : null,
        };
    }
}
