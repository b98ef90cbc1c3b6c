namespace PretrainBench.Analysis.Tables;

/// <summary>Which runs branch from the same trunk.</summary>
internal static class Trunks
{
    /// <summary>
    /// The trunk of every row, numbered from 0 in the order of the rows; a run without one is its own.
    /// </summary>
    public static int[] Of(IReadOnlyList<RunRow> rows)
    {
        var index = new Dictionary<string, int>();
        var next = 0;
        return [.. rows.Select(row => row.Trunk.Length == 0 ? next++
            : index.TryGetValue(row.Trunk, out var known) ? known : index[row.Trunk] = next++)];
    }
}
