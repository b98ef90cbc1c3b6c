using System.Globalization;
using System.Text;

namespace PretrainBench.Core.Files;

/// <summary>Writes CSV (RFC 4180); numbers read back to the same bits.</summary>
public static class CsvText
{
    /// <summary>A table with a line of column names.</summary>
    /// <param name="rows">Cells: text, numbers, flags, or null for what is missing.</param>
    /// <param name="separator">What stands between cells.</param>
    public static string Write(IEnumerable<string> columns, IEnumerable<IEnumerable<object?>> rows,
        char separator = ',')
    {
        var text = new StringBuilder();
        foreach (var row in rows.Prepend(columns))
            text.AppendJoin(separator, row.Select(value => Quote(Cell(value), separator))).Append('\n');
        return text.ToString();
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        double number => number.Exact(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => (string)value,
    };

    private static string Quote(string cell, char separator)
        => cell.Contains(separator) || cell.AsSpan().ContainsAny("\"\n\r") ? $"\"{cell.Replace("\"", "\"\"")}\"" : cell;
}
