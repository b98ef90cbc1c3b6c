using MathNet.Numerics;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Sections;

/// <summary>What one budget reaches at every size.</summary>
internal static class IsoFlopFigures
{
    private const int Budgets = 5;
    private const int LinePoints = 50;

    // How far beyond the sizes and tokens of the runs lines go.
    private const double Beyond = 2;

    /// <summary>The law's loss over N for a few budgets C = 6 N D, each with its lowest point.</summary>
    public static Chart Of(LawFit fit, IReadOnlyList<string> shown, OptimizerStyles styles)
    {
        double[] budgets = Generate.LogSpaced(Budgets, Math.Log10(fit.Points.Min(p => 6 * p.N * p.D)),
            Math.Log10(fit.Points.Max(p => 6 * p.N * p.D)));
        return new()
        {
            Title = "Loss of equal budgets, by size",
            Description = "Each line is one budget C = 6 N D spent at every size; its lowest point is the best.",
            X = Axis.Log("Parameters N", TickFormat.Count),
            Y = Axis.Linear("Final loss (nats per token)"),
            Series = [.. shown.SelectMany(name =>
                budgets.SelectMany(c => Line(fit, name, c, styles[name], isNamed: name == shown[0])))],
        };
    }

    private static IEnumerable<ChartSeries> Line(
        LawFit fit, string name, double c, SeriesStyle style, bool isNamed)
    {
        var optimizer = fit.Model.IndexOf(name);
        double low = Math.Max(fit.Points.Min(p => p.N) / Beyond, c / 6 / (fit.Points.Max(p => p.D) * Beyond));
        double high = Math.Min(fit.Points.Max(p => p.N) * Beyond, c / 6 / (fit.Points.Min(p => p.D) / Beyond));
        ChartPoint At(double n)
        {
            var (d, loss) = (c / 6 / n, fit.Model.Predict(optimizer, n, c / 6 / n));
            return new(n, loss, $"{OptimizerNames.Of(name)}, {Say.Three(c)} FLOPs\n{Say.Count(n)} parameters on "
                + $"{Say.Count(d)} tokens: loss {Say.Loss(loss)}");
        }

        yield return new LineSeries
        {
            Name = OptimizerNames.Of(name),
            Style = style with { Width = 1.5 },
            Points = [.. Generate.LogSpaced(LinePoints, Math.Log10(low), Math.Log10(high)).Select(At)],
            EndLabel = isNamed ? Say.Three(c) : null,
        };
        var best = BudgetOptimum.Place(fit.Model, optimizer, c).N;
        if (best >= low && best <= high)
            yield return new ScatterSeries { Name = OptimizerNames.Of(name), Style = style, Points = [At(best)] };
    }
}
