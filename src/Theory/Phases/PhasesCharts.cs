using PretrainBench.Reports.Charts;

namespace PretrainBench.Theory.Phases;

/// <summary>The pictures of the phases lab.</summary>
internal static class PhasesCharts
{
    private const double LowestIVa = 0.29289321881345248; // 1 − 1/√2
    private const int MostSlices = 8;

    public static Chart Diagram(PhasesResult result) => new()
    {
        Title = "Phase diagram",
        Description = "Regions of the (α, β) plane and the measured points.",
        X = Axis.Linear("α") with { Minimum = 0, Maximum = 1.5 },
        Y = Axis.Linear("β") with { Minimum = 0, Maximum = 2.2 },
        Series =
        [
            Border((.5, 0), (.5, 2.2)), Border((0, .5), (1.5, .5)), Border((.5, .5), (1.5, 1.5)),
            Border((.25, .5), (.25, 2.2)),
            Border((LowestIVa, .5), (LowestIVa, 2.2)), Border((0, .5), (.5, 0)),
            .. Enum.GetValues<Phase>().Select((phase, i) => new ScatterSeries
            {
                Name = $"phase {phase}",
                Style = SeriesStyle.For(i),
                Points = [.. result.Points.Select(p => p.Headline).Where(m => m.Table.Phase == phase).Select(m =>
                    new ChartPoint(m.Point.Alpha, m.Point.Beta,
                        $"η {m.Eta:0.000} (table {m.Table.Eta:0.000}), ξ {m.Xi:0.000} ({m.Table.Xi:0.000})"))],
            }).Where(series => series.Points.Count > 0),
        ],
    };

    public static Chart Windows(PhasesResult result, string symbol, Func<MeasuredPhaseExponents, double> deviation)
        => new()
        {
            Title = $"{symbol} minus the table's",
            Description = $"Deviation of {symbol} from the table against the middle of the window.",
            X = Axis.Log("middle of a window of three decades, FLOPs"),
            Y = Axis.Linear(symbol + " − table"),
            Series =
            [
                new ReferenceLine { Value = 0 },
                .. result.Points.Select((point, i) => new LineSeries
                {
                    Name = $"({point.Headline.Point.Alpha}, {point.Headline.Point.Beta})",
                    Style = SeriesStyle.For(i),
                    Points = [
                        .. point.Windows.Select(
                            m => new ChartPoint(Math.Sqrt(m.FirstFlops * m.LastFlops), deviation(m)))],
                }),
            ],
        };

    public static Chart Slices(PhasePointResult point)
    {
        var every = Math.Max(1, (point.Slices.Count + MostSlices - 1) / MostSlices);
        IsoFlopSlice[] slices = [.. point.Slices.Where((_, i) => i % every == 0)];
        return new Chart
        {
            Title = $"Loss against width at ({point.Headline.Point.Alpha}, {point.Headline.Point.Beta})",
            Description = "One curve per budget, with its optimum.",
            X = Axis.Log("width d"),
            Y = Axis.Log("loss P"),
            Series =
            [
                .. slices.Select((slice, i) => new LineSeries
                {
                    Name = $"f = {slice.Flops:0e+0}",
                    Style = SeriesStyle.For(i),
                    Points = [.. slice.Widths.Zip(slice.Losses, (width, loss) => new ChartPoint(width, loss))],
                }),
                new ScatterSeries
                {
                    Name = "optimum",
                    Style = new SeriesStyle { Color = SeriesStyle.Neutral, Marker = "diamond" },
                    Points = [.. slices.Select(slice => new ChartPoint(slice.OptimalWidth, slice.OptimalLoss))],
                },
            ],
        };
    }

    public static Chart Sgd(SgdComparison comparison) => new()
    {
        Title = $"SGD and the Volterra solution of the same W, d = {comparison.Width}",
        Description = "Bin averages of SGD runs on the exact mean.",
        X = Axis.Log("steps"),
        Y = Axis.Log("loss P"),
        Series =
        [
            new LineSeries
            {
                Name = "Volterra",
                Points = [.. comparison.Bins.Select(bin => new ChartPoint(bin.Steps, bin.Volterra))],
            },
            new ScatterSeries
            {
                Name = "SGD, mean of runs", Style = SeriesStyle.For(1),
                Points = [.. comparison.Bins.Select(bin => new ChartPoint(bin.Steps, bin.Sgd))],
            },
        ],
    };

    public static Chart Optimizers(PhasesResult result) => new()
    {
        Title = $"Optimizers at ({result.Config.Further.Point.Alpha}, {result.Config.Further.Point.Beta}), "
            + $"d = {result.Config.Further.Width}",
        Description = "Loss against steps for SGD, momentum, DANA and sign SGD.",
        X = Axis.Log("steps"),
        Y = Axis.Log("loss P"),
        Series =
        [
            .. result.Optimizers.GroupBy(point => point.Optimizer).Select((group, i) => new LineSeries
            {
                Name = group.Key,
                Style = SeriesStyle.For(i),
                ShowMarkers = group.Key == "sign-sgd",
                Points = [.. group.Select(point => new ChartPoint(point.Steps, point.Loss))],
            }),
        ],
    };

    private static LineSeries Border((double X, double Y) from, (double X, double Y) to) => new()
    {
        Points = [new(from.X, from.Y), new(to.X, to.Y)],
        Style = new SeriesStyle { Color = SeriesStyle.Neutral, Width = 1, Dash = "dash" },
    };
}
