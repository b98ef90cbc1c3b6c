using System.Globalization;
using System.Text;
using System.Text.Json;

namespace PretrainBench.Theory;

/// <summary>A table of a lab's results, for files and pages.</summary>
/// <param name="Name">File name without extension.</param>
/// <param name="Columns">Column names, with units where there are any.</param>
/// <param name="Rows">Cells: strings, booleans, integers, doubles, or null for "does not apply".</param>
public sealed record LabTable(string Name, IReadOnlyList<string> Columns, IReadOnlyList<object?[]> Rows)
{
    /// <summary>The table as CSV (RFC 4180), doubles written so that they read back to the same bits.</summary>
    public string ToCsv()
    {
        var text = new StringBuilder();
        text.AppendJoin(',', Columns.Select(Quote)).Append('\n');
        foreach (var row in Rows) text.AppendJoin(',', row.Select(cell => Quote(Format(cell)))).Append('\n');
        return text.ToString();
    }

    /// <summary>The table as a JSON array of objects; numbers that JSON cannot hold (NaN, infinities) become null.</summary>
    public string ToJson()
    {
        var objects = Rows.Select(row => Columns.Zip(row).ToDictionary(pair => pair.First, pair => Finite(pair.Second)));
        return JsonSerializer.Serialize(objects, IndentedJson);
    }

    private static readonly JsonSerializerOptions IndentedJson = new() { WriteIndented = true };

    private static object? Finite(object? cell) => cell is double number && !double.IsFinite(number) ? null : cell;

    private static string Format(object? cell) => cell switch
    {
        null => "",
        double number => number.ToString("R", CultureInfo.InvariantCulture),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => cell.ToString() ?? "",
    };

    private static string Quote(string cell)
        => cell.AsSpan().ContainsAny(",\"\n\r") ? '"' + cell.Replace("\"", "\"\"", StringComparison.Ordinal) + '"' : cell;
}
