using System.Text.RegularExpressions;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tables;

/// <summary>A file's cells as text, before any meaning is given to them.</summary>
/// <param name="File">The path, for messages.</param>
/// <param name="Columns">Column names in file order.</param>
/// <param name="Rows">Cells by row; each row has as many cells as there are columns, empty where the file has
/// none.</param>
/// <param name="Lines">The line that each row starts on.</param>
internal sealed partial record RawTable(string File, string[] Columns, List<string[]> Rows, List<int> Lines)
{
    private readonly string[] _plain = [.. Columns.Select(PlainName)];

    // What trackers of experiments (W&B, MLflow) put before the names of settings and measurements.
    private static readonly string[] Prefixes =
        ["config.", "summary.", "params.", "metrics.", "tags.mlflow.", "tags."];

    /// <summary>The index of a column of that name, without regard to case where none is written so; −1 when there is
    /// none.</summary>
    public int IndexOf(string name)
    {
        var index = Array.IndexOf(Columns, name);
        return index >= 0 ? index
            : Array.FindIndex(Columns, column => column.Equals(name, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The columns that are called like a column of the run table, the likeliest first. <c>Val Loss</c>,
    /// <c>val/loss</c> and <c>metrics.val_loss</c> are one name; symbols of the laws are as they are written.</summary>
    public int[] IndicesOf(RunColumn column)
        => [.. column.Preferred.SelectMany(name => Enumerable.Range(0, Columns.Length).Where(i => Columns[i] == name
                || (name.Length > 1 || name == column.Name) && _plain[i] == name).OrderBy(i => Columns[i] != name))
            .Distinct()];

    /// <summary>The first column not used yet whose name holds a word and whose first cell is a number; null when there
    /// is none.</summary>
    public string? Likely(IReadOnlyCollection<int> used, params ReadOnlySpan<string> words)
    {
        for (var i = 0; i < Columns.Length; i++)
            foreach (var word in words)
                if (_plain[i].Contains(word, StringComparison.Ordinal) && !used.Contains(i)
                    && Rows.Count > 0 && Quantity.TryParse(Rows[0][i], out _)) return Columns[i];
        return null;
    }

    /// <summary>The error of a file without something that is needed.</summary>
    public UserException Lacks(string what) => new($"{File}: no {what}; the file has: {string.Join(", ", Columns)}");

    private static string PlainName(string column)
    {
        var prefix = Prefixes.FirstOrDefault(prefix => column.StartsWith(prefix, StringComparison.Ordinal)) ?? "";
        return string.Join('_', Word().Matches(column[prefix.Length..]).Select(word => word.Value.ToLowerInvariant()));
    }

    [GeneratedRegex("[A-Za-z0-9]+")]
    private static partial Regex Word();
}
