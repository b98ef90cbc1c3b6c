using System.Text;

namespace PretrainBench.Reports.Page;

/// <summary>Writes tables as HTML.</summary>
internal static class HtmlTable
{
    /// <summary>Appends a table in a box that scrolls sideways on narrow screens.</summary>
    public static void Append(StringBuilder html, ReportTable table)
    {
        html.Append("<div class=\"scroll\" tabindex=\"0\"><table>\n");
        if (table.Caption is not null)
            html.Append("<caption>").Append(HtmlText.Escape(table.Caption)).Append("</caption>\n");
        html.Append("<thead><tr>");
        foreach (var column in table.Columns)
        {
            html.Append("<th scope=\"col\"").Append(column.IsNumber ? " class=\"number\">" : ">")
                .Append(HtmlText.Escape(column.Header)).Append("</th>");
        }
        html.Append("</tr></thead>\n<tbody>\n");
        foreach (var row in table.Rows) AppendRow(html, table, row);
        html.Append("</tbody></table></div>\n");
    }

    private static void AppendRow(StringBuilder html, ReportTable table, ReportRow row)
    {
        var cssClass = row.IsMuted ? "muted" : row.IsStrong ? "strong" : null;
        html.Append(cssClass is null ? "<tr>" : $"<tr class=\"{cssClass}\">");
        for (var index = 0; index < row.Cells.Count; index++)
        {
            var isNumber = table.Columns[index].IsNumber;
            // The first column of words names the row.
            var open = index == 0 && !isNumber ? "th scope=\"row\"" : isNumber ? "td class=\"number\"" : "td";
            html.Append('<').Append(open).Append('>').Append(HtmlText.Escape(row.Cells[index]))
                .Append(open[1] == 'h' ? "</th>" : "</td>");
        }
        html.Append("</tr>\n");
    }
}
