using MathNet.Numerics;
using MathNet.Numerics.RootFinding;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Core;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Sections;

/// <summary>Lines of equal loss over N and D, and where a budget is spent best.</summary>
internal static class PlanFigures
{
    private const int GridPoints = 60;
    private const int LevelsWanted = 6;
    private const double Beyond = 4;

    public static Chart IsoLoss(LawFit fit, IReadOnlyList<string> shown, OptimizerStyles styles)
    {
        double nLow = fit.Points.Min(p => p.N) / 1.3, nHigh = fit.Points.Max(p => p.N) * Beyond;
        double dLow = fit.Points.Min(p => p.D) / 1.3, dHigh = fit.Points.Max(p => p.D) * Beyond;
        var best = fit.Model.Predict(fit.Model.IndexOf(shown[^1]), nHigh, dHigh);
        var worst = fit.Model.Predict(fit.Model.IndexOf(shown[0]), nLow, dLow);
        var step = RoundStep((worst - best) / LevelsWanted);
        var first = Math.Ceiling(best / step) * step;
        return new()
        {
            Title = "Lines of equal loss, and the best use of a budget",
            Description =
                "Contours of the fitted loss over parameters and tokens; thick lines give the N and D that "
                    + "reach the least loss for C = 6 N D.",
            X = Axis.Log("Parameters N", TickFormat.Count) with { Minimum = nLow, Maximum = nHigh },
            Y = Axis.Log("Training tokens D", TickFormat.Count) with { Minimum = dLow, Maximum = dHigh },
            Height = 460,
            Series =
            [
                .. shown.Select(name => new ContourSeries
                {
                    Name = $"equal loss, {name}",
                    Style = styles[name] with { Width = 1.1, Opacity = 0.85 },
                    Xs = Generate.LogSpaced(GridPoints, Math.Log10(nLow), Math.Log10(nHigh)),
                    Ys = Generate.LogSpaced(GridPoints, Math.Log10(dLow), Math.Log10(dHigh)),
                    Value = (n, d) => fit.Model.Predict(fit.Model.IndexOf(name), n, d),
                    Levels = (first, step),
                    ShowLabels = false,
                }),
                // At the right end of their lines, where no run is.
                .. Enumerable.Range(0, (int)((worst - first) / step) + 1).Select(i => first + i * step)
                    .Select(level => (Level: level, D: TokensFor(fit, shown[0], level, nHigh, dLow, dHigh)))
                    .Where(label => label.D is not null).Select(label => new LineSeries
                    {
                        Style = styles[shown[0]],
                        IsSilent = true,
                        EndLabel = label.Level.Rounded(4),
                        Points = [new(nHigh, label.D!.Value)],
                    }),
                .. shown.Select(name => new LineSeries
                {
                    Name = $"best N and D, {name}",
                    Style = styles[name] with { Width = 3 },
                    Points = [.. Generate
                        .LogSpaced(GridPoints, Math.Log10(6 * nLow * dLow), Math.Log10(6 * nHigh * dHigh))
                        .Select(c => BudgetOptimum.Place(fit.Model, fit.Model.IndexOf(name), c))
                        .Select(best => new ChartPoint(best.N, best.D))],
                }),
                new ScatterSeries
                {
                    Name = "runs",
                    Style = new SeriesStyle { Color = SeriesStyle.Neutral, Marker = "cross", Radius = 3 },
                    Points = [.. fit.Points.Select(p => (p.N, p.D)).Distinct().Select(p => new ChartPoint(p.N, p.D))],
                },
            ],
        };
    }

    // The tokens at which a size reaches a loss; null outside the picture.
    private static double? TokensFor(LawFit fit, string name, double loss, double n, double low, double high)
        => Bisection.TryFindRoot(log => fit.Model.Predict(fit.Model.IndexOf(name), n, Math.Pow(10, log)) - loss,
            Math.Log10(low), Math.Log10(high), 1e-6, 100, out var found) ? Math.Pow(10, found) : null;

    // The next of 1, 2 and 5 times a power of ten.
    private static double RoundStep(double rough)
    {
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        return new[] { 1, 2, 5, 10 }.Select(factor => factor * power).First(step => step >= rough * 0.999);
    }
}
