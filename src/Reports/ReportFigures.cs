using System.Text;
using System.Text.RegularExpressions;
using PretrainBench.Core.Files;
using PretrainBench.Reports.Charts;
using PretrainBench.Reports.Page;

namespace PretrainBench.Reports;

/// <summary>Writes what a report shows as files for papers and notebooks.</summary>
public static partial class ReportFigures
{
    /// <summary>Each figure as JSON (plotly's <c>data</c> and <c>layout</c>), each table as CSV and LaTeX, named after
    /// what they show.</summary>
    public static void Write(ReportInput input, string folder)
    {
        var page = ReportBuilder.PageOf(input);
        foreach (var (name, figure) in Named(page.Figures, figure => figure.Title))
            AtomicFile.WriteText(Path.Combine(folder, name + ".json"), PlotlyFigure.Write(figure));
        foreach (var (name, table) in Named(page.Tables, table => table.Caption ?? "table"))
        {
            AtomicFile.WriteText(Path.Combine(folder, name + ".csv"), Csv(table));
            AtomicFile.WriteText(Path.Combine(folder, name + ".tex"), Latex(table));
        }
    }

    // Names that come again are numbered.
    private static IEnumerable<(string Name, T Value)> Named<T>(IEnumerable<T> values, Func<T, string> title)
        => values.GroupBy(value => HtmlPage.Anchor(title(value)))
            .SelectMany(same => same.Select((value, i) => (i == 0 ? same.Key : $"{same.Key}-{i + 1}", value)));

    private static string Csv(ReportTable table)
        => Lines(table, cells => string.Join(',', cells.Select(cell => $"\"{cell.Replace("\"", "\"\"")}\"")));

    private static string Latex(ReportTable table)
        => $"\\begin{{tabular}}{{{string.Concat(table.Columns.Select(column => column.IsNumber ? 'r' : 'l'))}}}\n"
            + Lines(table, cells => string.Join(" & ", cells.Select(Escaped)) + @" \\") + "\\end{tabular}\n";

    private static string Lines(ReportTable table, Func<IEnumerable<string>, string> write)
        => table.Rows.Select(row => row.Cells).Prepend([.. table.Columns.Select(column => column.Header)])
            .Aggregate(new StringBuilder(), (text, cells) => text.Append(write(cells)).Append('\n')).ToString();

    private static string Escaped(string cell)
        => Special().Replace(cell.Replace(@"\", "/"), @"\$0").Replace("~", @"\textasciitilde{}")
            .Replace("^", @"\textasciicircum{}").Replace("\u00a0", "~").Replace("−", "$-$");

    [GeneratedRegex("[&%$#_{}]")]
    private static partial Regex Special();
}
