using MathNet.Numerics;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Core.Runs;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Sections;

/// <summary>Final losses against tokens and parameters, with the law's lines, and what the law leaves over.</summary>
internal static class LossFigures
{
    private const int LinePoints = 40;
    private const double SameRatio = 1.15;

    public static Chart AgainstTokens(ReportInput input, OptimizerStyles styles) => new()
    {
        Title = "Final loss against tokens",
        Description = "Final losses over training tokens, one line for each size and optimizer, from the fitted law.",
        X = Axis.Log("Training tokens D", TickFormat.Count),
        Y = Axis.Linear("Final loss (nats per token)"),
        Series = [.. Lines(input, styles, row => row.N, Say.Size, row => row.D, (n, d) => (n, d)),
            .. Dots(input, styles, row => row.D)],
    };

    public static Chart AgainstParameters(ReportInput input, OptimizerStyles styles)
    {
        var ratios = RatioGroups(input.Table.Rows);
        double GroupOf(RunRow row) => ratios.MinBy(r => Math.Abs(Math.Log(row.D / row.N / r)));
        return new()
        {
            Title = "Final loss against parameters",
            Description =
                "Final losses over parameters, one line for each ratio of tokens to parameters "
                    + "and optimizer, from the fitted law.",
            X = Axis.Log("Parameters N", TickFormat.Count),
            Y = Axis.Linear("Final loss (nats per token)"),
            Series =
            [
                .. Lines(input, styles, GroupOf, row => $"D/N {Say.Ratio(GroupOf(row))}", row => row.N,
                    (ratio, n) => (n, ratio * n)),
                .. Dots(input, styles, row => row.N),
            ],
        };
    }

    public static Chart Residuals(LawFit fit, OptimizerStyles styles, bool againstTokens) => new()
    {
        Title = againstTokens ? "What the law leaves over, by tokens" : "What the law leaves over, by parameters",
        Description = "Measured minus predicted loss; points should scatter around zero without a pattern.",
        X = Axis.Log(againstTokens ? "Training tokens D" : "Parameters N", TickFormat.Count),
        Y = Axis.Linear("Residual (thousandths of a nat)"),
        Height = 260,
        Series =
        [
            new ReferenceLine { Value = 0 },
            .. styles.Order.Select(name => new ScatterSeries
            {
                Name = name,
                Style = styles[name],
                Points = [.. fit.Points.Where(p => p.Optimizer == name).Select(p => new ChartPoint(
                    againstTokens ? p.D : p.N, 1000 * p.Residual,
                    $"{name} {Say.Size(p.Size, p.N)}, {Say.Count(p.D)} tokens: {Say.Signed(1000 * p.Residual, 2)}"))],
            }),
        ],
    };

    // One line for each optimizer and group; the last place of the reference's line says what the group is.
    private static IEnumerable<LineSeries> Lines(
        ReportInput input, OptimizerStyles styles,
        Func<RunRow, double> groupOf, Func<RunRow, string> labelOf, Func<RunRow, double> along,
        Func<double, double, (double N, double D)> placeOf)
    {
        HashSet<double> labelled = [];
        foreach (var name in styles.Order)
        {
            foreach (var group in input.Table.Rows.Where(row => row.Optimizer == name).GroupBy(groupOf)
                    .OrderBy(g => g.Key))
            {
                double low = group.Min(along), high = group.Max(along);
                yield return new LineSeries
                {
                    Name = name,
                    Style = styles[name] with { Width = 1.5 },
                    IsSilent = true,
                    EndLabel = labelled.Add(group.Key) ? labelOf(group.First()) : null,
                    // An optimizer that the law was not fitted to has its runs joined.
                    Points = input.Main is { } fit && high > low && fit.Model.Optimizers.Contains(name)
                        ? [.. Generate.LogSpaced(LinePoints, Math.Log10(low), Math.Log10(high))
                            .Select(x => Predicted(fit, name, x, placeOf(group.Key, x)))]
                        : [.. group.GroupBy(along).OrderBy(g => g.Key)
                            .Select(g => new ChartPoint(g.Key, g.Average(row => row.Loss)))],
                };
            }
        }
    }

    private static ChartPoint Predicted(LawFit fit, string optimizer, double x, (double N, double D) place)
        => new(x, fit.Model.Predict(fit.Model.IndexOf(optimizer), place.N, place.D));

    private static IEnumerable<ScatterSeries> Dots(
        ReportInput input, OptimizerStyles styles, Func<RunRow, double> along)
        => styles.Order.Select(name => new ScatterSeries
        {
            Name = name,
            Style = styles[name],
            Points = [.. input.Table.Rows.Where(row => row.Optimizer == name).Select(row =>
                new ChartPoint(along(row), row.Loss, Say.Run(row)))],
        });

    /// <summary>Ratios of tokens to parameters that were meant to be the same, as their geometric means.</summary>
    internal static IReadOnlyList<double> RatioGroups(IReadOnlyList<RunRow> rows)
    {
        List<List<double>> groups = [];
        foreach (var ratio in rows.Select(row => row.D / row.N).Order())
        {
            if (groups.Count == 0 || ratio > groups[^1][0] * SameRatio) groups.Add([]);
            groups[^1].Add(ratio);
        }
        return [.. groups.Select(group => Math.Exp(group.Average(Math.Log)))];
    }
}
