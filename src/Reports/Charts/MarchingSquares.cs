namespace PretrainBench.Reports.Charts;

/// <summary>Lines of equal value on a grid by marching squares (Maple 2003; saddles are decided by the mean of the
/// corners). Crossings are interpolated in the coordinates given, so pixels in means straight pieces on the
/// screen.</summary>
internal static class MarchingSquares
{
    // For each pattern of corners above the level (1 = lower left, 2 = lower right, 4 = upper right, 8 = upper left),
    // the pairs of edges that a line joins: 0 bottom, 1 right, 2 top, 3 left. 5 and 10 are the saddles.
    private static readonly (int, int)[][] Segments =
    [
        [], [(3, 0)], [(0, 1)], [(3, 1)], [(1, 2)], [(3, 0), (1, 2)], [(0, 2)], [(3, 2)],
        [(2, 3)], [(2, 0)], [(0, 1), (2, 3)], [(2, 1)], [(1, 3)], [(1, 0)], [(0, 3)], [],
    ];

    /// <summary>The lines at one level, each a list of points; cells with a corner that is not finite are left
    /// out.</summary>
    public static List<List<(double X, double Y)>> Lines(double[] xs, double[] ys, double[,] values, double level)
    {
        Dictionary<long, List<long>> neighbours = [];
        Dictionary<long, (double, double)> crossings = [];
        for (var i = 0; i + 1 < xs.Length; i++)
        {
            for (var j = 0; j + 1 < ys.Length; j++)
            {
                foreach (var (from, to) in SegmentsOf(values, i, j, level))
                    Join(Edge(i, j, from), Edge(i, j, to));
            }
        }
        return Chain(neighbours, crossings);

        void Join((long Id, int I, int J, bool IsUpright) a, (long Id, int I, int J, bool IsUpright) b)
        {
            foreach (var edge in new[] { a, b }) crossings[edge.Id] = Crossing(edge.I, edge.J, edge.IsUpright);
            (neighbours.TryGetValue(a.Id, out var list) ? list : neighbours[a.Id] = []).Add(b.Id);
            (neighbours.TryGetValue(b.Id, out list) ? list : neighbours[b.Id] = []).Add(a.Id);
        }

        (long Id, int I, int J, bool IsUpright) Edge(int i, int j, int side)
        {
            var (ei, ej, upright) = side switch
            {
                0 => (i, j, false),
                1 => (i + 1, j, true),
                2 => (i, j + 1, false),
                _ => (i, j, true),
            };
            return (2L * ((long)ej * xs.Length + ei) + (upright ? 1 : 0), ei, ej, upright);
        }

        (double, double) Crossing(int i, int j, bool isUpright)
        {
            var (first, second) = (values[i, j], isUpright ? values[i, j + 1] : values[i + 1, j]);
            var t = (level - first) / (second - first);
            return isUpright ? (xs[i], ys[j] + t * (ys[j + 1] - ys[j])) : (xs[i] + t * (xs[i + 1] - xs[i]), ys[j]);
        }
    }

    private static (int, int)[] SegmentsOf(double[,] values, int i, int j, double level)
    {
        var (a, b, c, d) = (values[i, j], values[i + 1, j], values[i + 1, j + 1], values[i, j + 1]);
        var mean = (a + b + c + d) / 4;
        if (!double.IsFinite(mean)) return [];
        var pattern = (a > level ? 1 : 0) | (b > level ? 2 : 0) | (c > level ? 4 : 0) | (d > level ? 8 : 0);
        // With the centre above, the two high corners of a saddle are joined, and the lines cut off the low ones.
        return pattern is 5 or 10 && mean > level ? Segments[15 - pattern] : Segments[pattern];
    }

    private static List<List<(double X, double Y)>> Chain(
        Dictionary<long, List<long>> neighbours, Dictionary<long, (double, double)> crossings)
    {
        List<List<(double X, double Y)>> lines = [];
        HashSet<long> used = [];
        // Open lines first, from their ends; what is left are closed loops.
        foreach (var start in neighbours.Keys.OrderBy(k => neighbours[k].Count).ThenBy(k => k))
        {
            if (used.Contains(start)) continue;
            List<(double X, double Y)> line = [];
            long? next = start;
            while (next is { } edge && used.Add(edge))
            {
                line.Add(crossings[edge]);
                next = neighbours[edge].Where(n => !used.Contains(n)).Select(n => (long?)n).FirstOrDefault();
                if (next is null && line.Count > 2 && neighbours[edge].Contains(start)) line.Add(crossings[start]);
            }
            lines.Add(line);
        }
        return lines;
    }
}
