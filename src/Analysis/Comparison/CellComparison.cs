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

    /// <summary>The difference is within the noise between seeds.</summary>
    Tie,
}

/// <summary>Two optimizers trained at the same size on as many tokens. A difference below two standard errors, 2 sigma
/// sqrt(1/n1 + 1/n2) with sigma pooled over cells that have several seeds, is a tie; without such cells sigma is
/// <see cref="AssumedSigma"/>.</summary>
/// <param name="Loss">The optimizer's final loss, mean over seeds, nats per token.</param>
/// <param name="Threshold">The difference below which it is a tie, nats per token.</param>
public sealed record CellComparison(
    string Optimizer, string Size, double N, double D, double Loss, double ReferenceLoss, double Threshold,
    CellOutcome Outcome)
{
    /// <summary>Noise of a final loss between seeds when a table has no repeated cell, nats per token: the middle of
    /// what small models show (.001 to .003).</summary>
    public const double AssumedSigma = 0.002;

    /// <summary>The optimizer's loss minus the reference's.</summary>
    public double Difference => Loss - ReferenceLoss;

    /// <summary>Compares every optimizer with the reference in every cell that both have.</summary>
    /// <param name="reference">The optimizer that the others are compared with.</param>
    public static IReadOnlyList<CellComparison> Of(RunTable table, string reference)
    {
        var sigma = SeedNoise.Estimate(table.Rows)?.Deviation ?? AssumedSigma;
        var cells = table.Rows.GroupBy(row => (row.N, row.D, row.Optimizer))
            .ToDictionary(cell => cell.Key, cell => cell.ToList());
        return [.. cells.Where(cell => cell.Key.Optimizer != reference)
            .OrderBy(cell => cell.Key.Optimizer, StringComparer.Ordinal).ThenBy(cell => cell.Key.N)
            .ThenBy(cell => cell.Key.D)
            .Where(cell => cells.ContainsKey((cell.Key.N, cell.Key.D, reference)))
            .Select(cell => Compare(cell.Value, cells[(cell.Key.N, cell.Key.D, reference)], sigma))];
    }

    private static CellComparison Compare(List<RunRow> own, List<RunRow> reference, double sigma)
    {
        var threshold = 2 * sigma * Math.Sqrt(1.0 / own.Count + 1.0 / reference.Count);
        double loss = own.Average(row => row.Loss), referenceLoss = reference.Average(row => row.Loss);
        var outcome = Math.Abs(loss - referenceLoss) < threshold ? CellOutcome.Tie
            : loss < referenceLoss ? CellOutcome.Better : CellOutcome.Worse;
        return new(own[0].Optimizer, own[0].Size, own[0].N, own[0].D, loss, referenceLoss, threshold, outcome);
    }
}
