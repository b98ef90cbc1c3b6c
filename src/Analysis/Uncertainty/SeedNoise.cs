using MathNet.Numerics.Statistics;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>How much final losses differ between seeds alone.</summary>
/// <param name="Deviation">Pooled standard deviation of the loss, nats per token.</param>
/// <param name="DegreesOfFreedom">Runs beyond the first of each cell: what the estimate rests on.</param>
/// <param name="Cells">Cells with more than one seed.</param>
public sealed record SeedNoise(double Deviation, int DegreesOfFreedom, int Cells)
{
    /// <summary>Pools the variance within cells (optimizer, N, D) that have several runs of different seeds; null when
    /// the table has none.</summary>
    public static SeedNoise? Estimate(IReadOnlyList<RunRow> rows)
    {
        double squares = 0;
        int freedom = 0, cells = 0;
        foreach (var (_, losses) in Repeats(rows))
        {
            squares += losses.Variance() * (losses.Length - 1);
            freedom += losses.Length - 1;
            cells++;
        }
        return freedom == 0 ? null : new(Math.Sqrt(squares / freedom), freedom, cells);
    }

    /// <summary>Cells that have several seeds: the index of a run, and a loss for each seed.</summary>
    internal static IEnumerable<(int Row, double[] Losses)> Repeats(IReadOnlyList<RunRow> rows)
        => from i in Enumerable.Range(0, rows.Count)
           where rows[i].Seed != null || rows[i].DataSeed != null
           group i by (rows[i].Optimizer, rows[i].N, rows[i].D, rows[i].Repeats) into cell
           let losses = cell.GroupBy(i => (rows[i].Seed, rows[i].DataSeed))
               .Select(seed => seed.Min(i => rows[i].Loss)).ToArray()
           where losses.Length > 1
           select (cell.First(), losses);
}
