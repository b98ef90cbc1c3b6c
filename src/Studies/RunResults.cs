using PretrainBench.Analysis;
using PretrainBench.Analysis.Tables;
using PretrainBench.Core;
using PretrainBench.Grids;
using PretrainBench.Grids.Collecting;

namespace PretrainBench.Studies;

/// <summary>What laws are fitted to: tables in files, and grids by their folder or grid file.</summary>
public static class RunResults
{
    /// <summary>Reads tables and grids as one table; of grids the cells that have settled, with a finding about the
    /// others.</summary>
    /// <param name="mapping">Which column holds what; the run table's own names when null.</param>
    /// <exception cref="UserException">A file, column or grid is missing, or no row can be used.</exception>
    public static RunTable Read(IReadOnlyList<string> results, ColumnMapping? mapping = null)
    {
        var sources = results.Select(path => GridAt(path) is { } grid
            ? (Name: grid.Root, Runs: GridCollector.Collect(grid)) : (Name: path, Runs: null)).ToList();
        var table = RunTableReader.Read([.. sources.Select(source => (source.Name, source.Runs?.Cells))], mapping);
        return table with
        {
            Findings =
            [
                .. table.Findings,
                .. sources.Where(source => source.Runs?.Missing > 0).Select(source => new Finding(Severity.Note,
                    "unfinished-cells", $"{source.Runs!.Missing} cells of the grid {source.Name} are not finished.")),
            ],
        };
    }

    /// <summary>The grid that a folder or a grid file (.yaml) means; null for a table.</summary>
    /// <exception cref="UserException">No grid has been planned there.</exception>
    public static GridFolder? GridAt(string path)
    {
        if (Directory.Exists(path) && !new GridFolder(path).HasPlan)
            throw new UserException(
                $"{path}: is a folder, and no grid's; name a grid's folder, a grid file or a table");
        return Directory.Exists(path) || Path.GetExtension(path).ToLowerInvariant() is ".yaml" or ".yml"
            ? GridFolder.Planned(path) : null;
    }
}
