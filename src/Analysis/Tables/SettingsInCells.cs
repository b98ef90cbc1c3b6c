using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Analysis.Tables;

/// <summary>Columns whose cells hold settings in braces, as W&amp;B's interface for programs gives <c>config</c> and
/// <c>summary</c>: JSON, or what Python prints of a dictionary (both are YAML). Each setting becomes a column of its
/// own, called by its path: <c>config.optimizer.lr</c>.</summary>
internal static class SettingsInCells
{
    public static RawTable Spread(RawTable table)
    {
        int[] holders = [.. Enumerable.Range(0, table.Columns.Length).Where(j => IsHolder(table, j))];
        if (holders.Length == 0) return table;
        var columns = new OrderedDictionary<string, int>();
        var rows = table.Rows.Select(row =>
        {
            var values = new Dictionary<int, string>();
            foreach (var j in holders)
                foreach (var (path, value) in Settings(row[j]))
                {
                    var name = $"{table.Columns[j]}.{path}";
                    columns.TryAdd(name, columns.Count);
                    values[columns[name]] = value;
                }
            return values;
        }).ToList();
        return new(table.File, [.. table.Columns, .. columns.Keys],
            [.. table.Rows.Zip(rows, (cells, values) => (string[])
                [.. cells, .. Enumerable.Range(0, columns.Count).Select(j => values.GetValueOrDefault(j, ""))])],
            table.Lines);
    }

    private static bool IsHolder(RawTable table, int column)
    {
        var filled = table.Rows.Select(row => row[column]).Where(cell => cell.Length > 0);
        return filled.Any() && filled.All(cell => cell is ['{', .., '}']);
    }

    private static IEnumerable<(string Path, string Value)> Settings(string cell)
    {
        try
        {
            return cell.Length == 0 ? [] : Leaves("", ConfigFile.Parse(cell, "cell"));
        }
        catch (UserException)
        {
            return [];
        }
    }

    private static IEnumerable<(string Path, string Value)> Leaves(string path, ConfigMapping settings)
        // W&B wraps a setting as {desc, value}.
        => settings.Keys.All(key => key is "value" or "desc") && path.Length > 0 && settings["value"] is { } wrapped
            ? Of(path, wrapped)
            : settings.Keys.SelectMany(key => Of(path.Length == 0 ? key : $"{path}.{key}", settings[key]!));

    private static IEnumerable<(string Path, string Value)> Of(string path, ConfigNode node) => node switch
    {
        ConfigMapping inner => Leaves(path, inner),
        ConfigScalar { IsNull: false } scalar => [(path, scalar.Text)],
        _ => [],
    };
}
