using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Sections;

/// <summary>How losses fell while training.</summary>
internal static class CurveFigures
{
    // The first evaluations fall from ln(vocabulary) and would squeeze everything else flat.
    private const double ShownAfter = 0.02;

    /// <summary>One chart for the smallest and one for the largest size, at the most tokens that were trained
    /// there.</summary>
    public static IReadOnlyList<Chart> Of(ReportInput input, OptimizerStyles styles)
    {
        var sizes = input.Curves.Select(c => c.N).Distinct().Order().ToList();
        return [.. sizes.Where((_, i) => i == 0 || i == sizes.Count - 1)
            .Select(n => input.Curves.Where(c => c.N == n).ToList())
            .Select(curves => curves.Where(c => c.D == curves.Max(other => other.D)).ToList())
            .Select(curves => ChartOf(curves, styles))];
    }

    private static Chart ChartOf(List<LossCurve> curves, OptimizerStyles styles)
    {
        var late = curves.SelectMany(c => c.Points.Where(p => p.Tokens >= ShownAfter * c.D))
            .Where(p => double.IsFinite(p.Loss)).ToList();
        return new()
        {
            Title = $"Loss while training: {Say.Size(curves[0].Size, curves[0].N)}, {Say.Count(curves[0].D)} tokens",
            Description = "Validation loss over tokens seen, one line for each run.",
            X = Axis.Log("Tokens seen", TickFormat.Count) with
            {
                Minimum = late.Count > 0 ? late.Min(p => p.Tokens) : null,
            },
            Y = Axis.Linear("Loss (nats per token)") with { Maximum = late.Count > 0 ? late.Max(p => p.Loss) : null },
            Series = [.. curves.OrderBy(c => styles.Order.ToList().IndexOf(c.Optimizer)).Select(c => new LineSeries
            {
                Name = c.Optimizer,
                Style = styles[c.Optimizer],
                Points = [.. c.Points.Select(p => new ChartPoint(p.Tokens, p.Loss))],
            })],
        };
    }
}
