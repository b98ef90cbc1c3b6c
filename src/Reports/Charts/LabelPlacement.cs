namespace PretrainBench.Reports.Charts;

/// <summary>Moves labels apart so that none covers another.</summary>
internal static class LabelPlacement
{
    /// <summary>Places labels of one height in a column, each as near to its wish as the others allow, in the order of
    /// the wishes.</summary>
    /// <param name="wishes">Where each label would like its centre.</param>
    /// <param name="height">The distance that two centres must keep.</param>
    /// <returns>The centres, in the order of the wishes given.</returns>
    public static double[] Spread(IReadOnlyList<double> wishes, double height, double low, double high)
    {
        // Blocks of touching labels, each centred on the mean of its wishes; blocks that meet are merged.
        List<(List<int> Members, double Start)> blocks = [];
        foreach (var index in Enumerable.Range(0, wishes.Count).OrderBy(i => wishes[i]).ThenBy(i => i))
        {
            (List<int> Members, double Start) block = ([index], Clamp(wishes[index], 1));
            while (blocks.Count > 0 && blocks[^1].Start + blocks[^1].Members.Count * height > block.Start)
            {
                List<int> members = [.. blocks[^1].Members, .. block.Members];
                blocks.RemoveAt(blocks.Count - 1);
                var centre = members.Select((m, place) => wishes[m] - place * height).Average();
                block = (members, Clamp(centre, members.Count));
            }
            blocks.Add(block);
        }
        var centres = new double[wishes.Count];
        foreach ((List<int> members, var start) in blocks)
            for (var place = 0; place < members.Count; place++) centres[members[place]] = start + place * height;
        return centres;

        double Clamp(double start, int count) => Math.Max(low, Math.Min(start, high - (count - 1) * height));
    }
}
