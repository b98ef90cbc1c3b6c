using System.Text.RegularExpressions;
using nietras.SeparatedValues;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tables;

/// <summary>Separated text after RFC 4180: quoted cells may hold separators, quotes (doubled) and line breaks. What
/// separates cells (comma, semicolon, tab or bar) is seen from the line of column names; in .tsv files it is the
/// tab.</summary>
internal static partial class CsvReader
{
    /// <summary>Reads a file with a line of column names.</summary>
    public static RawTable Read(string path)
    {
        using var reader = Options(path).FromFile(path);
        return Read(reader, path);
    }

    /// <summary>Reads a table from text; see <see cref="Read(string)"/>.</summary>
    public static RawTable Parse(string text, string name)
    {
        using var reader = Options(name).FromText(text);
        return Read(reader, name);
    }

    /// <summary>What separates cells in a file of this name when we write it.</summary>
    public static char SeparatorOf(string path)
        => path.EndsWith(".tsv", StringComparison.OrdinalIgnoreCase) ? '\t' : ',';

    // Rows may be shorter than the header: missing cells are empty. Column names are our business, see Header.
    private static SepReaderOptions Options(string path)
        => (SeparatorOf(path) == '\t' ? Sep.New('\t').Reader() : Sep.Reader()) with
        {
            HasHeader = false,
            DisableColCountCheck = true,
            Unescape = true,
            Trim = SepTrim.All,
        };

    private static RawTable Read(SepReader reader, string path)
    {
        try
        {
            var columns = reader.MoveNext() ? Header(reader.Current, path) : throw Empty(path);
            var table = new RawTable(path, columns, [], []);
            var decimalCommas = reader.Spec.Sep.Separator == ';';
            while (reader.MoveNext())
            {
                var row = reader.Current;
                if (row.ColCount == 1 && row.Span.IsWhiteSpace()) continue;
                var cells = Cells(row, columns.Length, path);
                table.Rows.Add(decimalCommas ? [.. cells.Select(WithPoint)] : cells);
                table.Lines.Add(row.LineNumberFrom);
            }
            return SettingsInCells.Spread(table);
        }
        catch (NotSupportedException error)
        {
            throw new UserException($"{path}: holds a row of more than 16 million characters; is a quote left open?",
                inner: error);
        }
    }

    private static string[] Header(SepReader.Row row, string path)
    {
        if (row.Span.IsWhiteSpace()) throw Empty(path);
        var columns = Cells(row, row.ColCount, path);
        if (columns.Any(name => name.Any(char.IsControl)))
            throw new UserException(
                $"{path}: holds no text but binary data; tables are CSV (.csv, .tsv) or Parquet (.parquet)");
        var repeated = columns.Where(name => name.Length > 0).GroupBy(name => name)
            .FirstOrDefault(name => name.Count() > 1);
        return repeated is null ? columns : throw new UserException(
            $"{path}:1: column `{repeated.Key}` appears {repeated.Count()} times; rename all but one");
    }

    private static string[] Cells(SepReader.Row row, int count, string path)
    {
        // Sep takes the rest of a file into a quote that is never closed.
        if (row.Span.Count('"') % 2 != 0)
            throw new UserException(
                $"{path}:{Line(row)}: a quote is opened and never closed; write a quote inside a cell twice");
        if (row.ColCount > count)
            throw new UserException($"{path}:{Line(row)}: {row.ColCount} cells under {count} column names; "
                + "quote the cells that hold a separator");
        var cells = new string[count];
        for (var j = 0; j < count; j++) cells[j] = j < row.ColCount ? row[j].ToString() : "";
        return cells;
    }

    // Semicolons separate where the comma is in numbers.
    private static string WithPoint(string cell) => DecimalComma().IsMatch(cell) ? cell.Replace(',', '.') : cell;

    [GeneratedRegex(@"^[+-]?\d+,\d+([eE][+-]?\d+)?$")]
    private static partial Regex DecimalComma();

    private static int Line(SepReader.Row row) => row.RowIndex == 0 ? 1 : row.LineNumberFrom;

    private static UserException Empty(string path)
        => new($"{path}: the file is empty; a table starts with a line of column names");
}
