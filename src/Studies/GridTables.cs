using PretrainBench.Analysis.Tables;
using PretrainBench.Grids;
using PretrainBench.Grids.Collecting;

namespace PretrainBench.Studies;

/// <summary>A grid's results as tables on disk.</summary>
/// <param name="Table">The table of cells; CSV where both formats were written.</param>
public sealed record GridTables(string Table, IReadOnlyList<string> Files, CollectedRuns Runs)
{
    private const string TableName = "table", TrialsName = "trials";

    /// <summary>Collects a grid and writes its cells, and its tuning trials beside them.</summary>
    /// <param name="output">The table, its format by its name; null: CSV and Parquet in the grid's folder.</param>
    public static GridTables Write(GridFolder folder, string? output = null)
    {
        var runs = GridCollector.Collect(folder);
        string[] tables = output is null ? [InFolder(".csv"), InFolder(".parquet")] : [output];
        var files = new List<string>(tables);
        foreach (var table in tables) RunTableWriter.Write(table, runs.Cells);
        if (runs.Trials.Count > 0)
        {
            foreach (var table in tables)
            {
                var path = Path.Combine(Path.GetDirectoryName(table) ?? "", TrialsName + Path.GetExtension(table));
                RunTableWriter.Write(path, runs.Trials);
                files.Add(path);
            }
        }
        return new GridTables(tables[0], files, runs);

        string InFolder(string extension) => Path.Combine(folder.Root, TableName + extension);
    }
}
