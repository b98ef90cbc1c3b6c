using System.Text;
using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Status;

namespace PretrainBench.Grids.Collecting;

/// <summary>What a collection wrote.</summary>
/// <param name="TablePath">The table of cells: one row for each, at its chosen learning rate.</param>
/// <param name="TrialsPath">The table of tuning trials; null when nothing was tuned.</param>
/// <param name="Rows">The rows of the table of cells.</param>
/// <param name="Missing">Cells without a row, since their run is not finished.</param>
public sealed record CollectedTable(string TablePath, string? TrialsPath, IReadOnlyList<CollectedRow> Rows, int Missing);

/// <summary>Puts a grid's results into one table that the laws read.</summary>
public static class GridCollector
{
    /// <summary>The file of all tuning trials, beside the table.</summary>
    public const string TrialsName = "trials.csv";

    /// <summary>Writes the table, and that of the tuning trials; a partial grid gives a partial table.</summary>
    /// <param name="folder">The grid's folder.</param>
    /// <param name="tablePath">Where the table goes; in the grid's folder when null.</param>
    /// <exception cref="UserException">No run has finished yet.</exception>
    public static CollectedTable Collect(GridFolder folder, string? tablePath = null)
    {
        var view = new GridView(folder);
        var chosen = view.Planner.Chosen(view.TuningLossOf);
        var rows = chosen.Select(cell => new CollectedRow(cell.Run, view.StateOf(cell.Run), cell.Tuning)).Where(row => row.State.IsSettled).ToList();
        if (rows.Count == 0)
            throw new UserException($"{folder.Root}: no run of the grid has finished yet; `pretrainbench grid status` shows where it stands", ExitCodes.Failed);
        var path = tablePath ?? Path.Combine(folder.Root, GridFolder.TableName);
        AtomicFile.WriteText(path, ToCsv(rows));
        var trials = view.Planner.Groups(view.TuningLossOf)
            .SelectMany(group => group.Trials.Select(cell => (Run: view.Planner.RunOf(cell), Group: group)))
            .Select(trial => new CollectedRow(trial.Run, view.StateOf(trial.Run), trial.Group)).Where(row => row.State.IsSettled).ToList();
        var trialsPath = trials.Count == 0 ? null : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, TrialsName);
        if (trialsPath is not null) AtomicFile.WriteText(trialsPath, ToCsv(trials));
        return new CollectedTable(path, trialsPath, rows, view.Planner.CellCount - rows.Count);
    }

    private static string ToCsv(IEnumerable<CollectedRow> rows)
    {
        var text = new StringBuilder().AppendJoin(',', CollectedRow.Columns).Append('\n');
        foreach (var row in rows) text.AppendJoin(',', row.Values().Select(Cell)).Append('\n');
        return text.ToString();
    }

    private static string Cell(object? value) => value switch
    {
        null => "",
        bool flag => flag ? "true" : "false",
        double number => number.ToString("R"),
        string text when text.AsSpan().ContainsAny(",\"\n\r") => '"' + text.Replace("\"", "\"\"") + '"',
        _ => value.ToString() ?? "",
    };
}
