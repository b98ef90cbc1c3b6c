using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Core.Files;

namespace PretrainBench.Analysis.Tables;

/// <summary>Reads run tables: ours, or any CSV or Parquet file with named columns.</summary>
public static class RunTableReader
{
    /// <summary>Reads one or several files as one table. Rows that are diverged, unfinished, duplicate or impossible
    /// are left out and listed in <see cref="RunTable.Excluded"/>; at least one row is left.</summary>
    /// <param name="paths">CSV (.csv, .tsv or any other ending) and Parquet (.parquet) files.</param>
    /// <param name="mapping">Which column holds what; the run table's own names when null.</param>
    /// <exception cref="UserException">A file or column is missing, or no row can be used.</exception>
    public static RunTable Read(IReadOnlyList<string> paths, ColumnMapping? mapping = null)
    {
        if (paths.Count == 0) throw new UserException("no table given: name at least one CSV or Parquet file of runs");
        return Combine([.. paths.Select(ReadRaw)], mapping ?? ColumnMapping.Default);
    }

    /// <summary>The same of runs that are no files, or not alone: files, and runs with the name of where they came
    /// from.</summary>
    public static RunTable Read(IReadOnlyList<(string Name, IReadOnlyList<RunRow>? Rows)> sources,
        ColumnMapping? mapping = null)
        => Combine([.. sources.Select(source => source.Rows is null ? ReadRaw(source.Name)
            : CsvReader.Parse(RunTableWriter.Text(source.Rows, CsvReader.SeparatorOf(source.Name)), source.Name))],
            mapping ?? ColumnMapping.Default);

    /// <summary>Reads one file; see <see cref="Read(IReadOnlyList{string}, ColumnMapping?)"/>.</summary>
    /// <param name="path">A CSV or Parquet file.</param>
    /// <param name="mapping">Which column holds what; the run table's own names when null.</param>
    public static RunTable Read(string path, ColumnMapping? mapping = null) => Read([path], mapping);

    /// <summary>Reads a table from comma-separated text, for tests and for tables that are not files.</summary>
    /// <param name="csv">The text, with a header line.</param>
    /// <param name="mapping">Which column holds what; the run table's own names when null.</param>
    public static RunTable Parse(string csv, ColumnMapping? mapping = null)
        => Combine([CsvReader.Parse(csv, "table")], mapping ?? ColumnMapping.Default);

    private static RawTable ReadRaw(string path)
    {
        if (Directory.Exists(path))
            throw new UserException($"{path}: is a folder; name the table inside it (`grid collect` writes one)");
        if (!File.Exists(path)) throw new UserException($"{path}: no such file{Suggestion.ForFile(path)}");
        PlainFile.RequireReadable(path);
        try
        {
            return ParquetTables.Is(path) ? ParquetTables.Read(path) : CsvReader.Read(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be read: {error.Message}", inner: error);
        }
    }

    private static RunTable Combine(IReadOnlyList<RawTable> files, ColumnMapping mapping)
    {
        var rows = new List<RunRow>();
        var excluded = new List<ExcludedRow>();
        var seen = new Dictionary<object, string>();
        var columns = new Dictionary<string, string>();
        var passedOver = new List<Finding>();
        foreach (var file in files)
        {
            var parser = new RunRowParser(file, mapping);
            foreach (var (quantity, column) in parser.Used) columns[quantity] = column;
            passedOver.AddRange(parser.PassedOver);
            for (int i = 0; i < file.Rows.Count; i++)
            {
                var (row, reject) = parser.Parse(file.Rows[i], file.Lines[i]);
                var identity = row == null ? null : Identity(row, parser.IdentifiesRuns);
                if (identity != null && !seen.TryAdd(identity, $"{Path.GetFileName(row!.File)}:{row.Line}"))
                    reject = parser.Reject(file.Rows[i], file.Lines[i], "duplicate", $"repeats {seen[identity]}");
                if (reject != null) excluded.Add(reject);
                else rows.Add(row!);
            }
        }
        var table = new RunTable
        {
            Rows = rows,
            Excluded = excluded,
            Sources = [.. files.Select(file => file.File)],
            Columns = columns,
            Findings = [.. passedOver.Distinct()],
        };
        return rows.Count > 0 ? table : throw new UserException(NothingLeft(table));
    }

    private static string NothingLeft(RunTable table)
    {
        var nothing = $"{string.Join(", ", table.Sources)}: no run can be fitted{table.LeftOut()}";
        return table.Excluded is [var first, ..]
            ? $"{nothing}; the first: {Path.GetFileName(first.File)}:{first.Line}: {first.Reason}" : nothing;
    }

    // Two seeds may agree in every digit that a table keeps, so the seed is part of what makes a row the same.
    private static object Identity(RunRow row, bool isIdentified)
        => isIdentified && row.Run.Length > 0 ? row.Run
            : (row.Run, row.Optimizer, row.N, row.D, row.Loss, row.Seed, row.DataSeed, row.Trunk, row.LearningRate);
}
