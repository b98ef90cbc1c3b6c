using System.Text;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tables;

/// <summary>Comma-separated text after RFC 4180: quoted cells may hold commas, quotes (doubled) and line breaks.</summary>
internal static class CsvReader
{
    /// <summary>Reads a file with a header line; tabs separate cells when the name ends in .tsv.</summary>
    public static RawTable Read(string path)
    {
        using var reader = new StreamReader(path, Encoding.UTF8);
        return Read(reader, path, SeparatorOf(path));
    }

    /// <summary>What separates cells in a file of this name.</summary>
    public static char SeparatorOf(string path) => path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';

    /// <summary>Reads a table from text; see <see cref="Read(string)"/>.</summary>
    public static RawTable Read(TextReader reader, string path, char separator)
    {
        var cells = new List<string>();
        int line = 1;
        int next = line;
        if (!ReadRecord(reader, separator, cells, ref next) || cells.All(string.IsNullOrWhiteSpace))
            throw new UserException($"{path}: the file is empty; a table starts with a line of column names.");
        var columns = cells.Select(cell => cell.Trim()).ToArray();
        if (columns.Any(name => name.Any(char.IsControl)))
            throw new UserException($"{path}: holds no text but binary data; tables are CSV (.csv, .tsv) or Parquet (.parquet).");
        RejectRepeats(columns, path);
        var table = new RawTable(path, columns, [], []);
        for (line = next; ReadRecord(reader, separator, cells, ref next); line = next)
        {
            if (cells.Count == 1 && cells[0].Length == 0) continue;
            if (cells.Count > columns.Length)
                throw new UserException($"{path}:{line}: {cells.Count} cells under {columns.Length} column names; "
                    + "quote the cells that hold a separator.");
            var row = new string[columns.Length];
            for (int j = 0; j < row.Length; j++) row[j] = j < cells.Count ? cells[j].Trim() : "";
            table.Rows.Add(row);
            table.Lines.Add(line);
        }
        return table;
    }

    private static void RejectRepeats(string[] columns, string path)
    {
        var repeated = columns.Where(name => name.Length > 0).GroupBy(name => name).FirstOrDefault(name => name.Count() > 1);
        if (repeated != null)
            throw new UserException($"{path}:1: column '{repeated.Key}' appears {repeated.Count()} times; rename all but one.");
    }

    /// <summary>Reads one record into <paramref name="cells"/>; false at the end. <paramref name="line"/> moves to the line after it.</summary>
    private static bool ReadRecord(TextReader reader, char separator, List<string> cells, ref int line)
    {
        cells.Clear();
        if (reader.ReadLine() is not { } text) return false;
        line++;
        var cell = new StringBuilder();
        bool quoted = false;
        for (int i = 0; ; i++)
        {
            if (i == text.Length)
            {
                if (!quoted || reader.ReadLine() is not { } more) break;
                line++;
                cell.Append('\n');
                (text, i) = (more, -1);
            }
            else if (quoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"') { cell.Append('"'); i++; }
            else if (text[i] == '"' && (quoted || cell.Length == 0)) quoted = !quoted;
            else if (text[i] == separator && !quoted) { cells.Add(cell.ToString()); cell.Clear(); }
            else cell.Append(text[i]);
        }
        cells.Add(cell.ToString());
        return true;
    }
}
