using PretrainBench.Core;
using PretrainBench.Core.Files;

namespace PretrainBench.Analysis.Tables;

/// <summary>Writes run tables under their own column names, so that any of our commands reads them back.</summary>
public static class RunTableWriter
{
    /// <summary>Writes runs to a file: Parquet when the name ends in .parquet or .pq, tabs for .tsv, else
    /// CSV.</summary>
    /// <param name="path">The file; replaced if it exists.</param>
    /// <param name="rows">The runs; those without a loss too.</param>
    /// <exception cref="UserException">The file cannot be written.</exception>
    public static void Write(string path, IReadOnlyList<RunRow> rows)
    {
        if (ParquetTables.Is(path))
            AtomicFile.Write(path,
                stream => ParquetTables.WriteAsync(stream, Written(rows), rows).GetAwaiter().GetResult());
        else AtomicFile.WriteText(path, Text(rows, CsvReader.SeparatorOf(path)));
    }

    internal static string Text(IReadOnlyList<RunRow> rows, char separator)
    {
        var columns = Written(rows);
        return CsvText.Write(columns.Select(column => column.Name),
            rows.Select(row => columns.Select(column => column.Of(row))), separator);
    }

    // All columns, but what no run has by itself (the choice of a parameter count) only where some row has it.
    private static IReadOnlyList<RunColumn> Written(IReadOnlyList<RunRow> rows)
        => [.. RunColumn.All.Where(column => column.Source is not null || rows.Any(row => column.Of(row) is not null))];
}
