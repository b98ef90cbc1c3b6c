using PretrainBench.Analysis.Tables;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Comparison;

/// <summary>What a difference of two final losses says.</summary>
public enum CellOutcome
{
    /// <summary>The optimizer's loss is lower by more than the noise.</summary>
    Better,

    /// <summary>The optimizer's loss is higher by more than the noise.</summary>
    Worse,

    /// <summary>The difference is within the noise.</summary>
    Tie,

    /// <summary>The table shows no noise to hold the difference against.</summary>
    Unmeasured,
}

/// <summary>Two optimizers trained at the same size on as many tokens.</summary>
/// <param name="Loss">The optimizer's final loss, mean over seeds, nats per token.</param>
/// <param name="Threshold">The difference below which it is a tie, nats per token; NaN where noise was not
/// measured.</param>
public sealed record CellComparison(
    string Optimizer, string Size, double N, double D, double Loss, double ReferenceLoss, double Threshold,
    CellOutcome Outcome)
{
    /// <summary>The optimizer's loss minus the reference's.</summary>
    public double Difference => Loss - ReferenceLoss;

    /// <summary>Compares every optimizer with the reference in every cell that both have.</summary>
    /// <param name="reference">The optimizer that the others are compared with.</param>
    /// <param name="noise">The noise of a run; null when it was not measured.</param>
    public static IReadOnlyList<CellComparison> Of(RunTable table, string reference, LossNoise? noise)
    {
        var cellOf = Cells.Of(table.Rows);
        var cells = Enumerable.Range(0, cellOf.Length).GroupBy(i => (Cell: cellOf[i], table.Rows[i].Optimizer))
            .ToDictionary(group => group.Key, group => group.Select(i => table.Rows[i]).ToList());
        return [.. from own in cells
                   where own.Key.Optimizer != reference && cells.ContainsKey((own.Key.Cell, reference))
                   orderby own.Key.Optimizer, own.Key.Cell
                   select Compare(own.Value, cells[(own.Key.Cell, reference)], noise)];
    }

    private static CellComparison Compare(List<RunRow> own, List<RunRow> reference, LossNoise? noise)
    {
        var threshold = noise?.Threshold(own.Count, reference.Count) ?? double.NaN;
        double loss = own.Average(row => row.Loss), referenceLoss = reference.Average(row => row.Loss);
        var outcome = noise is null ? CellOutcome.Unmeasured
            : Math.Abs(loss - referenceLoss) <= threshold ? CellOutcome.Tie
            : loss < referenceLoss ? CellOutcome.Better : CellOutcome.Worse;
        return new(own[0].Optimizer, own[0].Size, own[0].N, own[0].D, loss, referenceLoss, threshold, outcome);
    }
}
