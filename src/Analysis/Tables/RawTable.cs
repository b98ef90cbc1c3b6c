using PretrainBench.Core;

namespace PretrainBench.Analysis.Tables;

/// <summary>A file's cells as text, before any meaning is given to them.</summary>
/// <param name="File">The path, for messages.</param>
/// <param name="Columns">Column names in file order.</param>
/// <param name="Rows">Cells by row; each row has as many cells as there are columns, empty where the file has
/// none.</param>
/// <param name="Lines">The line that each row starts on.</param>
internal sealed record RawTable(string File, string[] Columns, List<string[]> Rows, List<int> Lines)
{
    /// <summary>The index of the first name that is a column; −1 when none is. The first matches without regard to
    /// case.</summary>
    public int IndexOf(IReadOnlyList<string> names)
    {
        var index = names.Select(name => Array.IndexOf(Columns, name)).FirstOrDefault(index => index >= 0, -1);
        return index >= 0 ? index
            : Array.FindIndex(Columns, column => column.Equals(names[0], StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>The error of a file without something that is needed.</summary>
    public UserException Lacks(string what) => new($"{File}: no {what}; the file has: {string.Join(", ", Columns)}");
}
