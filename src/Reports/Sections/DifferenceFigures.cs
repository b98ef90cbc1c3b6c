using PretrainBench.Analysis.Comparison;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Sections;

/// <summary>Runs against runs, without a law.</summary>
internal static class DifferenceFigures
{
    /// <summary>Final losses beside the reference's in every cell that both have, over the cell's cost; null where
    /// there is none.</summary>
    public static Chart? OverCells(ReportInput input, OptimizerStyles styles)
    {
        var cells = input.Cells.OrderBy(Flops).ToList();
        if (cells.Count == 0) return null;
        var reference = OptimizerNames.Of(input.Reference);
        // The widest, where cells differ in their repeats.
        var threshold = cells.Max(cell => cell.Threshold);
        return new()
        {
            Title = "Final loss, cell by cell",
            Description = $"Each point is a size trained on as many tokens with one optimizer and with {reference}; "
                + "below the line it ends lower.",
            X = Axis.Log("Training FLOPs (6 N D)"),
            Y = Axis.Linear($"Loss beside {reference}'s, nats per token"),
            Height = 430,
            Series =
            [
                .. double.IsFinite(threshold) ? [Ties(cells, threshold)] : Array.Empty<ChartSeries>(),
                .. cells.GroupBy(cell => cell.Optimizer).OrderBy(own => own.Average(cell => cell.Difference))
                    .Select(own => Points(own, styles[own.Key])),
                new ReferenceLine { Value = 0, Label = reference },
            ],
        };
    }

    private static ScatterSeries Points(IGrouping<string, CellComparison> own, SeriesStyle style) => new()
    {
        Name = OptimizerNames.Of(own.Key),
        Style = style,
        Points = [.. own.Select(cell => new ChartPoint(Flops(cell), cell.Difference,
            $"{OptimizerNames.Of(own.Key)} {Say.Size(cell.Size, cell.N)} on {Say.Count(cell.D)} tokens\n"
                + $"{Say.Signed(cell.Difference, 4)} nats: {Say.Loss(cell.Loss)} and {Say.Loss(cell.ReferenceLoss)}"))],
    };

    private static BandSeries Ties(List<CellComparison> cells, double threshold) => new()
    {
        Name = $"ties (within {Say.Fixed(threshold, 4)})",
        Style = new SeriesStyle { Color = SeriesStyle.Neutral },
        Points = [.. new[] { cells[0], cells[^1] }.Select(cell => new BandPoint(Flops(cell), -threshold, threshold))],
    };

    private static double Flops(CellComparison cell) => 6 * cell.N * cell.D;
}
