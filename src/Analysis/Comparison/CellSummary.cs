using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Analysis.Comparison;

/// <summary>What an optimizer's cells say together, without a law.</summary>
/// <param name="Difference">Mean of its loss minus the reference's, nats per token.</param>
/// <param name="HalfWidth">
/// Half the width of the mean's interval by Student's t over cells, all optimizers asked at once (Bonferroni); infinite
/// for one cell.
/// </param>
public sealed record CellSummary(string Optimizer, int Cells, int Better, int Worse, int Ties, double Difference,
    double HalfWidth)
{
    /// <summary>Whether the mean difference is not zero.</summary>
    public bool IsResolved => Math.Abs(Difference) > HalfWidth;

    /// <summary>One entry for each optimizer, the lowest mean difference first.</summary>
    public static IReadOnlyList<CellSummary> Of(IReadOnlyList<CellComparison> cells,
        double confidence = BootstrapOptions.DefaultConfidence)
    {
        var optimizers = cells.GroupBy(cell => cell.Optimizer).ToList();
        return [.. optimizers.Select(own => Of([.. own], (1 - confidence) / optimizers.Count))
            .OrderBy(summary => summary.Difference)];
    }

    private static CellSummary Of(CellComparison[] own, double risk)
    {
        double[] differences = [.. own.Select(cell => cell.Difference)];
        var halfWidth = own.Length < 2 ? double.PositiveInfinity
            : StudentT.InvCDF(0, 1, own.Length - 1, 1 - risk / 2)
                * differences.StandardDeviation() / Math.Sqrt(own.Length);
        int Count(CellOutcome outcome) => own.Count(cell => cell.Outcome == outcome);
        return new(own[0].Optimizer, own.Length, Count(CellOutcome.Better), Count(CellOutcome.Worse),
            Count(CellOutcome.Tie), differences.Average(), halfWidth);
    }
}
