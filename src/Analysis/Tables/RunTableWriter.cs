using System.Globalization;
using System.Text;
using PretrainBench.Core;
using PretrainBench.Core.Files;

namespace PretrainBench.Analysis.Tables;

/// <summary>Writes run tables under their own column names, so that any of our commands reads them back.</summary>
public static class RunTableWriter
{
    /// <summary>Writes runs to a file: Parquet when the name ends in .parquet or .pq, tabs for .tsv, else CSV.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="rows">The runs.</param>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<RunRow> rows)
        => Write(path, RunColumn.All, [.. rows.Select(row => (IReadOnlyList<object?>)[.. RunColumn.All.Select(column => column.Of(row))])]);

    /// <summary>Writes rows of some columns of the run table, runs without a loss among them.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="columns">Names of the run table's columns (docs/tables.md).</param>
    /// <param name="rows">Text, numbers or flags in the order of the columns; null for what is missing.</param>
    /// <exception cref="UserException">The file cannot be written.</exception>
    /// <exception cref="ArgumentException">The run table has no such column.</exception>
    public static void Write(string path, IReadOnlyList<string> columns, IReadOnlyList<IReadOnlyList<object?>> rows)
        => Write(path, [.. columns.Select(RunColumn.Get)], rows);

    /// <summary>The table as text; numbers with every digit.</summary>
    /// <param name="columns">The columns.</param>
    /// <param name="rows">Values in their order.</param>
    /// <param name="separator">What stands between cells.</param>
    /// <returns>The text, header first.</returns>
    internal static string ToText(IReadOnlyList<RunColumn> columns, IReadOnlyList<IReadOnlyList<object?>> rows, char separator)
    {
        var text = new StringBuilder().AppendJoin(separator, columns.Select(column => column.Name)).Append('\n');
        foreach (var row in rows) text.AppendJoin(separator, row.Select(value => Cell(value, separator))).Append('\n');
        return text.ToString();
    }

    private static void Write(string path, IReadOnlyList<RunColumn> columns, IReadOnlyList<IReadOnlyList<object?>> rows)
    {
        if (ParquetTables.Is(path)) AtomicFile.Write(path, stream => ParquetTables.WriteAsync(stream, columns, rows).GetAwaiter().GetResult());
        else AtomicFile.WriteText(path, ToText(columns, rows, CsvReader.SeparatorOf(path)));
    }

    private static string Cell(object? value, char separator) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        double number => number.Exact(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Quote((string)value, separator),
    };

    private static string Quote(string text, char separator)
        => text.Contains(separator) || text.AsSpan().ContainsAny("\"\n\r") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
