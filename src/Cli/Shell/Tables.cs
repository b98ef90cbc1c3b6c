using PretrainBench.Reports.Page;

namespace PretrainBench.Cli.Shell;

/// <summary>Short tables for a terminal.</summary>
internal static class Tables
{
    /// <summary>Lays out a table; columns whose cells all begin like numbers are set to the right.</summary>
    /// <param name="rows">Cells, as many as headings.</param>
    public static string Render(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var columns = headings.Select(
            (heading, i) => new ReportColumn(heading, rows.Count > 0 && rows.All(row => IsNumberLike(row[i]))));
        var table = new ReportTable([.. columns]);
        foreach (var row in rows) table.Add(new ReportRow(row));
        return TextTable.Write(table);
    }

    private static bool IsNumberLike(string cell)
        => cell.Length == 0 || char.IsAsciiDigit(cell[0]) || cell[0] is '-' or '+' or '<' or '±' or '∞';
}
