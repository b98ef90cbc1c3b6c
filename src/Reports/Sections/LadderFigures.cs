using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Sections;

/// <summary>Loss against learning rate, with the rung that was chosen: at an end of its ladder the best rate may lie
/// outside.</summary>
internal static class LadderFigures
{
    public static Chart Of(ReportInput input, OptimizerStyles styles) => new()
    {
        Title = "Loss against learning rate",
        Description = "One line for each ladder; rings mark the rate that was chosen.",
        X = Axis.Log("Learning rate"),
        Y = Axis.Linear("Loss (nats per token)"),
        Series =
        [
            .. input.Ladders.Select(ladder => new LineSeries
            {
                Name = OptimizerNames.Of(ladder.Optimizer), Style = styles[ladder.Optimizer], ShowMarkers = true,
                Points = [.. ladder.Rungs.Select(rung => Point(ladder, rung))],
            }),
            new ScatterSeries
            {
                Name = "chosen",
                Style = new SeriesStyle { Color = SeriesStyle.Neutral, Marker = "circle-open", Radius = 7 },
                Points = [.. input.Ladders.Select(ladder => Point(ladder,
                    ladder.Rungs.Where(rung => double.IsFinite(rung.Loss)).MinBy(rung => rung.Loss)))],
            },
        ],
    };

    private static ChartPoint Point(LearningRateLadder ladder, LadderRung rung) => new(rung.LearningRate, rung.Loss,
        $"{OptimizerNames.Of(ladder.Optimizer)} {ladder.Size}, D/N {Say.Count(ladder.TokensPerParameter)}\n"
            + $"learning rate {Say.Three(rung.LearningRate)}\nloss {Say.Loss(rung.Loss)}");
}
