using System.Text.Json;
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

    /// <summary>The table as a JSON array of objects; numbers that JSON cannot hold (NaN, infinities) become null.</summary>
    public string ToJson()
    {
        var objects = Rows.Select(row => Columns.Zip(row).ToDictionary(pair => pair.First, pair => Finite(pair.Second)));
        return JsonSerializer.Serialize(objects, IndentedJson);
    }

    private static readonly JsonSerializerOptions IndentedJson = new() { WriteIndented = true };

    private static object? Finite(object? cell) => cell is double number && !double.IsFinite(number) ? null : cell;
}
