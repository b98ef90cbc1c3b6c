namespace PretrainBench.Analysis.Uncertainty;

/// <summary>How much final losses differ between seeds alone.</summary>
/// <param name="Deviation">Pooled standard deviation of the loss, nats per token.</param>
/// <param name="DegreesOfFreedom">Runs beyond the first of each cell: what the estimate rests on.</param>
/// <param name="Cells">Cells with more than one seed.</param>
public sealed record SeedNoise(double Deviation, int DegreesOfFreedom, int Cells)
{
    /// <summary>Pools the variance within cells (optimizer, N, D) that have several runs of different seeds; null when
    /// the table has none.</summary>
    public static SeedNoise? Estimate(IEnumerable<RunRow> rows)
    {
        double squares = 0;
        int freedom = 0, cells = 0;
        foreach (var cell in rows.GroupBy(row => (row.Optimizer, row.N, row.D)))
        {
            var losses = cell.Where(row => row.Seed != null || row.DataSeed != null)
                .GroupBy(row => (row.Seed, row.DataSeed)).Select(seed => seed.Min(row => row.Loss)).ToList();
            if (losses.Count < 2) continue;
            var mean = losses.Average();
            squares += losses.Sum(loss => (loss - mean) * (loss - mean));
            freedom += losses.Count - 1;
            cells++;
        }
        return freedom == 0 ? null : new(Math.Sqrt(squares / freedom), freedom, cells);
    }
}
