using MathNet.Numerics;
using PretrainBench.Core;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Tests.Charts;

/// <summary>Charts that use every kind of series and axis, from a law with made-up but realistic parameters.</summary>
internal static class SampleCharts
{
    public static Chart LossAgainstTokens { get; } = new()
    {
        Title = "Loss against tokens",
        Description = "Two optimizers at three sizes; lines fall and flatten.",
        X = Axis.Log("Training tokens D", TickFormat.Count),
        Y = Axis.Linear("Final loss (nats per token)"),
        Series = [.. LossSeries()],
    };

    public static Chart Intervals { get; } = new()
    {
        Title = "Efficiency against AdamW",
        Description = "Intervals of 95 % around rho.",
        X = Axis.Linear("ρ, AdamW = 1"),
        Y = Axis.Category(["ρ_N muon", "ρ_D muon", "ρ_N scion", "ρ_D scion"]),
        Height = 240,
        Series =
        [
            new ReferenceLine { Value = 1, IsVertical = true, Label = "equal to AdamW" },
            new ScatterSeries
            {
                Points = [new(0.845, 0), new(1.73, 1), new(1.02, 2), new(1.99, 3)],
                Intervals = [(0.7, 0.98), (1.5, 2.02), (0.9, 1.2), (1.7, 2.3)],
            },
        ],
    };

    public static Chart Errors { get; } = new()
    {
        Title = "Error by law",
        Description = "Mean squared error by protocol.",
        X = Axis.Log("Mean squared error"),
        Y = Axis.Category(["per optimizer", "shared", "shared, ρ_D only"]),
        Height = 260,
        Series =
        [
            Dots("in sample", 0, 4.1e-5, 5.5e-5, 7e-5),
            Dots("leave one out", 1, 7.1e-5, 6.5e-5, 8e-5),
            Dots("predict the largest", 2, 2.1e-4, 6.5e-5, 9e-5),
        ],
    };

    public static Chart Contours { get; } = new()
    {
        Title = "Lines of equal loss",
        Description = "Contours with the compute-optimal line.",
        X = Axis.Log("Parameters N", TickFormat.Count),
        Y = Axis.Log("Training tokens D", TickFormat.Count),
        Series =
        [
            new ContourSeries
            {
                Name = "adamw",
                Xs = Generate.LogSpaced(40, 7, 10),
                Ys = Generate.LogSpaced(40, 9, 12),
                Value = (n, d) => Loss(n, d, 1),
                Levels = (2.6, 0.2),
                Style = SeriesStyle.For(0),
            },
        ],
    };

    public static Chart Band { get; } = new()
    {
        Title = "Forecast",
        Description = "A line with its band.",
        X = Axis.Log("Training FLOPs"),
        Y = Axis.Log("Loss (nats per token)"),
        Series =
        [
            new BandSeries
            {
                Name = "95 %",
                Points = [.. Generate.LogSpaced(30, 17, 24)
                    .Select(c => new BandPoint(c, Curve(c) * 0.98, Curve(c) * 1.02))],
            },
            new LineSeries
            {
                Name = "forecast",
                Points = [.. Generate.LogSpaced(30, 17, 24).Select(c => new ChartPoint(c, Curve(c)))],
            },
        ],
    };

    public static IReadOnlyList<Chart> All { get; } = [LossAgainstTokens, Intervals, Errors, Contours, Band];

    private static double Loss(double n, double d, double rho)
        => 1.77 + 18.6 / Math.Pow(n, 0.1645) + 270 / Math.Pow(rho * d, 0.2679);

    private static double Curve(double c) => 1.7 + 40 * Math.Pow(c, -0.09);

    private static IEnumerable<ChartSeries> LossSeries()
    {
        foreach ((string name, int index, double rho) in new[] { ("adamw", 0, 1.0), ("muon", 1, 1.7) })
        {
            foreach (double n in new[] { 1.3e8, 3e8, 1.2e9 })
            {
                yield return new LineSeries
                {
                    Name = name,
                    Style = SeriesStyle.For(index),
                    EndLabel = index == 0 ? Quantity.Count(n) : null,
                    Points = [.. Generate.LogSpaced(30, Math.Log10(20 * n), Math.Log10(320 * n))
                        .Select(d => new ChartPoint(d, Loss(n, d, rho)))],
                };
                yield return new ScatterSeries
                {
                    Name = name,
                    Style = SeriesStyle.For(index),
                    Points = [.. Generate.LogSpaced(5, Math.Log10(20 * n), Math.Log10(320 * n))
                        .Select(d => new ChartPoint(d, Loss(n, d, rho) + 0.003 * Math.Sin(d), $"{name} {n}"))],
                };
            }
        }
    }

    private static ScatterSeries Dots(string name, int index, params double[] values) => new()
    {
        Name = name,
        Style = SeriesStyle.For(index) with { Radius = 5 },
        Points = [.. values.Select((value, place) => new ChartPoint(value, place))],
    };
}
