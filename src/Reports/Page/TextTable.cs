using System.Text;

namespace PretrainBench.Reports.Page;

/// <summary>Writes tables as plain text for terminals, logs and files.</summary>
public static class TextTable
{
    private const string Between = "  ";

    /// <summary>The table: caption, headers, a rule, and rows; numbers to the right; no trailing spaces.</summary>
    public static string Write(ReportTable table)
    {
        int[] widths = [.. table.Columns.Select((column, index) =>
            table.Rows.Select(r => Width(r.Cells[index])).Append(Width(column.Header)).Max())];
        var text = new StringBuilder();
        if (table.Caption is not null) text.Append(table.Caption).Append('\n');
        AppendRow(text, table, widths, [.. table.Columns.Select(c => c.Header)]);
        AppendRow(text, table, widths, [.. widths.Select(w => new string('-', w))]);
        foreach (var row in table.Rows) AppendRow(text, table, widths, row.Cells);
        return text.ToString();
    }

    private static void AppendRow(StringBuilder text, ReportTable table, int[] widths, IReadOnlyList<string> cells)
    {
        var line = new StringBuilder();
        for (var index = 0; index < cells.Count; index++)
        {
            var padding = new string(' ', widths[index] - Width(cells[index]));
            line.Append(index > 0 ? Between : "")
                .Append(table.Columns[index].IsNumber ? padding + cells[index] : cells[index] + padding);
        }
        text.Append(line.ToString().TrimEnd()).Append('\n');
    }

    // Counts what a reader sees: a letter with its accents is one.
    private static int Width(string text) => new System.Globalization.StringInfo(text).LengthInTextElements;
}
