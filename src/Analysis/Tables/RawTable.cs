namespace PretrainBench.Analysis.Tables;

/// <summary>A file's cells as text, before any meaning is given to them.</summary>
/// <param name="File">The path, for messages.</param>
/// <param name="Columns">Column names in file order.</param>
/// <param name="Rows">Cells by row; each row has as many cells as there are columns, empty where the file has none.</param>
/// <param name="Lines">The line that each row starts on.</param>
internal sealed record RawTable(string File, string[] Columns, List<string[]> Rows, List<int> Lines)
{
    /// <summary>The index of a column, by name without regard to case; −1 when absent.</summary>
    public int IndexOf(string column)
    {
        int exact = Array.IndexOf(Columns, column);
        return exact >= 0 ? exact : Array.FindIndex(Columns, name => name.Equals(column, StringComparison.OrdinalIgnoreCase));
    }
}
