namespace PretrainBench.Analysis.Tables;

/// <summary>Which runs stand in the same cell: equal N, equal D and as many of its tokens new, up to what rounding to
/// whole steps does.</summary>
internal static class Cells
{
    /// <summary>Values within this factor of each other are equal.</summary>
    public const double Tolerance = 1.02;

    /// <summary>The cell of every row, numbered from 0 by size and tokens.</summary>
    public static int[] Of(IReadOnlyList<RunRow> rows)
    {
        var size = Ranks([.. rows.Select(row => row.N)]);
        var cell = new int[rows.Count];
        var first = 0;
        foreach (var same in Enumerable.Range(0, rows.Count).GroupBy(i => size[i]).OrderBy(group => group.Key))
        {
            int[] members = [.. same];
            var tokens = Ranks([.. members.Select(i => rows[i].D)]);
            var unique = Ranks([.. members.Select(i => rows[i].D / (1 + rows[i].Repeats))]);
            (int, int)[] keys = [.. tokens.Zip(unique)];
            List<(int, int)> different = [.. keys.Distinct().Order()];
            for (var k = 0; k < members.Length; k++) cell[members[k]] = first + different.IndexOf(keys[k]);
            first += different.Count;
        }
        return cell;
    }

    /// <summary>Whether two sizes, or two numbers of tokens, are equal.</summary>
    public static bool AreEqual(double a, double b) => Math.Max(a, b) <= Tolerance * Math.Min(a, b);

    /// <summary>
    /// Which different values there are, in ascending order; the smallest of those that are equal stands for them.
    /// </summary>
    /// <param name="tolerance">Values within this factor are equal.</param>
    public static IReadOnlyList<double> Distinct(IEnumerable<double> values, double tolerance = Tolerance)
    {
        var distinct = new List<double>();
        foreach (var value in values.Order())
            if (distinct.Count == 0 || value > tolerance * distinct[^1]) distinct.Add(value);
        return distinct;
    }

    private static int[] Ranks(double[] values)
    {
        double[] distinct = [.. Distinct(values)];
        // Between two of them a value belongs to the smaller: what is not found comes back as ~(index of the larger).
        return [.. values.Select(value => Array.BinarySearch(distinct, value)).Select(at => at >= 0 ? at : ~at - 1)];
    }
}
