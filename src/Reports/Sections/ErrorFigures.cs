using PretrainBench.Analysis.Comparison;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Sections;

/// <summary>How wrong each law is, on runs that it has seen and on runs that it has not.</summary>
internal static class ErrorFigures
{
    private const double Apart = 0.11;

    public static Chart ByLaw(ComparisonResult comparison)
    {
        var protocols = comparison.Protocols.ToList();
        return new()
        {
            Title = "Error by law",
            Description =
                "Mean squared error of every law under every way of holding runs out; further left is better.",
            X = Axis.Log("Mean squared error (nats² per token²)"),
            Y = Axis.Category([.. comparison.Laws.Select(law => $"{law.Law} ({law.FreeParameters})")]),
            Height = 130 + 46 * comparison.Laws.Count,
            Series = [.. protocols.Select((protocol, index) => new ScatterSeries
            {
                Name = protocol.Words(),
                Style = SeriesStyle.For(index) with { Radius = 4.5 },
                Points = [.. comparison.Laws.Select((law, place) => (law, place))
                    .Where(pair => pair.law[protocol].Pooled is not null)
                    .Select(pair => new ChartPoint(
                        pair.law[protocol].Pooled!.MeanSquaredError,
                        pair.place + Apart * (index - (protocols.Count - 1) / 2.0),
                        $"{pair.law.Law}, {protocol.Words()}: "
                            + $"{Say.Power(pair.law[protocol].Pooled!.MeanSquaredError)}"))],
            })],
        };
    }
}
