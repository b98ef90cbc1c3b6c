using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Sections;

/// <summary>Parameters of refits without single runs: narrow lines mean that the data fix a combination, not the
/// parameters.</summary>
internal static class CloudFigures
{
    public static Chart Parameters(ReportInput input, OptimizerStyles styles) => Cloud(
        input, styles, "log A against α, leaving out one run at a time", "α", "log A", p => p.Alpha, p => p.A);

    public static Chart Tokens(ReportInput input, OptimizerStyles styles) => Cloud(
        input, styles, "log B against β, leaving out one run at a time", "β", "log B", p => p.Beta, p => p.B);

    private static Chart Cloud(
        ReportInput input, OptimizerStyles styles, string title, string x, string y,
        Func<OptimizerParameters, double> exponent, Func<OptimizerParameters, double> coefficient)
    {
        List<ChartSeries> series = [.. styles.Order.Select(name => new ScatterSeries
        {
            Name = name, Style = styles[name] with { Opacity = 0.75 },
            Points = Points(input.SeparateLeaveOneOut!, name, ownOnly: true, exponent, coefficient),
        })];
        if (input.SharedLeaveOneOut is { } shared)
        {
            series.Add(new ScatterSeries
            {
                Name = "shared law",
                Style = new SeriesStyle { Color = SeriesStyle.Neutral, Marker = "cross", Radius = 3.5 },
                Points = Points(shared, input.Reference, ownOnly: false, exponent, coefficient),
            });
        }
        return new()
        {
            Title = title,
            Description = "One point for each refit; separate laws by optimizer, and the shared law.",
            X = Axis.Linear(x),
            Y = Axis.Linear(y),
            Height = 320,
            Series = series,
        };
    }

    private static List<ChartPoint> Points(
        LeaveOneOutResult result, string optimizer, bool ownOnly,
        Func<OptimizerParameters, double> exponent, Func<OptimizerParameters, double> coefficient)
        => [.. result.Fits.Where(fit => !ownOnly || fit.Optimizer == optimizer)
            .Select(fit => (fit.Run, Own: fit.Parameters.First(p => p.Optimizer == optimizer)))
            .Select(fit => new ChartPoint(exponent(fit.Own), Math.Log(coefficient(fit.Own)), $"without {fit.Run}"))
            .Where(p => double.IsFinite(p.X) && double.IsFinite(p.Y))];
}
