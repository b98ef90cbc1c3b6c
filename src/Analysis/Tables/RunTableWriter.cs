using System.Globalization;
using System.Text;
using PretrainBench.Core;
using PretrainBench.Core.Files;

namespace PretrainBench.Analysis.Tables;

/// <summary>Writes run tables under their own column names, so that any of our commands reads them back.</summary>
public static class RunTableWriter
{
    /// <summary>Writes a file: Parquet when the name ends in .parquet or .pq, else CSV.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="rows">The runs.</param>
    /// <exception cref="Core.UserException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<RunRow> rows)
    {
        if (ParquetTables.Is(path)) AtomicFile.Write(path, stream => ParquetTables.WriteAsync(stream, rows).GetAwaiter().GetResult());
        else AtomicFile.WriteText(path, ToCsv(rows));
    }

    /// <summary>The table as comma-separated text; numbers with every digit.</summary>
    /// <param name="rows">The runs.</param>
    /// <returns>The text, header first.</returns>
    public static string ToCsv(IReadOnlyList<RunRow> rows)
    {
        var text = new StringBuilder().AppendJoin(',', RunColumn.All.Select(column => column.Name)).Append('\n');
        foreach (var row in rows) text.AppendJoin(',', RunColumn.All.Select(column => Cell(column.Get(row)))).Append('\n');
        return text.ToString();
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        double number => number.Exact(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => Quote((string)value),
    };

    private static string Quote(string text)
        => text.AsSpan().ContainsAny(",\"\n\r") ? $"\"{text.Replace("\"", "\"\"")}\"" : text;
}
