using System.Text;

namespace PretrainBench.Cli.Shell;

/// <summary>Aligns columns of short texts for a terminal or a file: numbers to the right, words to the left.</summary>
internal static class TextTable
{
    /// <summary>Lays out a table.</summary>
    /// <param name="headings">One for each column.</param>
    /// <param name="rows">Cells, as many as headings.</param>
    public static string Render(IReadOnlyList<string> headings, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        var widths = headings.Select((heading, column) => rows.Select(row => row[column].Length).Append(heading.Length).Max()).ToList();
        var right = headings.Select((_, column) => rows.Count > 0 && rows.All(row => IsNumberLike(row[column]))).ToList();
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(headings))
        {
            var cells = row.Select((cell, column) => right[column] ? cell.PadLeft(widths[column]) : cell.PadRight(widths[column]));
            text.Append(string.Join("  ", cells).TrimEnd()).Append('\n');
        }
        return text.ToString();
    }

    private static bool IsNumberLike(string cell) => cell.Length == 0 || char.IsAsciiDigit(cell[0]) || cell[0] is '-' or '+' or '<' or '±' or '∞';
}
