using PretrainBench.Core.Files;

namespace PretrainBench.Theory;

/// <summary>A table of a lab's results, for files and pages.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Columns">Column names, with units where there are any.</param>
/// <param name="Rows">Cells: strings, booleans, integers, doubles, or null for "does not apply".</param>
public sealed record LabTable(string Name, IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows)
{
    /// <summary>The table as CSV, doubles written so that they read back to the same bits.</summary>
    public string ToCsv() => CsvText.Write(Columns, Rows);
}
