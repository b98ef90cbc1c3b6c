using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Reports.Charts;

namespace PretrainBench.Reports.Sections;

/// <summary>What an optimizer is worth: its efficiencies, and the tokens that it needs over scale.</summary>
internal static class AdvantageFigures
{
    private const double Apart = 0.14;
    private const double SameRatio = 0.15;
    private const int MostBands = 2;

    /// <summary>
    /// Tokens needed for the reference's loss, over size; where an optimizer or the reference was not trained the line
    /// is dotted.
    /// </summary>
    public static Chart OverSize(ReportInput input, OptimizerStyles styles)
    {
        var largest = input.Table.Rows.Max(row => row.N);
        var own = input.Advantages.GroupBy(a => a.Optimizer).ToList();
        return new()
        {
            Title = "Tokens needed for the same loss, by size",
            Description = $"Tokens beside those that {input.Reference} needs; beyond the largest size trained it is "
                + "extrapolation.",
            X = Axis.Log("Parameters N", TickFormat.Count),
            Y = Axis.Linear($"Tokens needed beside {OptimizerNames.Of(input.Reference)}'s", TickFormat.Change),
            Height = 430,
            Series =
            [
                .. own.Select(g => Line(g.Key, styles[g.Key] with { Dash = "solid" }, g.Where(a => !a.IsExtrapolated))
                    with { ShowMarkers = true }),
                // The bands of many would cover each other; the pointer tells every interval.
                .. own.OrderBy(g => g.Last(a => a.IsExtrapolated == g.First().IsExtrapolated).Share).Take(MostBands)
                    .Select(g => new BandSeries
                    {
                        Name = OptimizerNames.Of(g.Key), Style = styles[g.Key],
                        Points = [.. g.Where(a => !a.IsExtrapolated)
                            .Select(a => new BandPoint(a.N, a.Low - 1, a.High - 1))],
                    }),
                .. own.Select(g => Line(g.Key, styles[g.Key] with { Dash = "dot", Opacity = 0.5 },
                    g.Where((a, i) => a.IsExtrapolated || g.ElementAtOrDefault(i + 1)?.IsExtrapolated == true))),
                .. input.SpeedUps.Select(measured => Measured(input, measured, styles[measured.Optimizer])),
                new ReferenceLine { Value = 0, Label = OptimizerNames.Of(input.Reference) },
                new ReferenceLine { Value = largest, IsVertical = true, Label = "largest trained" },
            ],
        };
    }

    private static LineSeries Line(string optimizer, SeriesStyle style, IEnumerable<TokenAdvantage> savings) => new()
    {
        Name = OptimizerNames.Of(optimizer),
        Style = style,
        Points = [.. savings.Select(a => new ChartPoint(a.N, a.Share - 1,
            $"{OptimizerNames.Of(optimizer)} at {Say.Count(a.N)}\n{Change(a.Share)} tokens ({Change(a.Low)} to "
                + $"{Change(a.High)})"))],
    };

    private static string Change(double share) => Say.Signed(100 * (share - 1), 1) + "\u00a0%";

    // The sizes one by one, at the ratio that the lines are drawn for.
    private static ScatterSeries Measured(ReportInput input, MeasuredSpeedUp own, SeriesStyle style)
    {
        var ratio = input.Advantages[0].D / input.Advantages[0].N / RatioSpeedUp.TokensPerParameter;
        return new()
        {
            Name = OptimizerNames.Of(own.Optimizer),
            Style = style with { Marker = "x", Radius = 4 },
            Points = [.. own.Points.Where(p => Math.Abs(p.Ratio / ratio - 1) < SameRatio)
                .Select(p => new ChartPoint(p.N, 1 / p.SpeedUp - 1,
                    $"{OptimizerNames.Of(own.Optimizer)} {Say.Size(p.Size, p.N)}, without a law\n"
                        + $"{Change(1 / p.SpeedUp)} tokens, loss {Say.Loss(p.Loss)}"))],
        };
    }

    /// <summary>The efficiencies of the shared law with both kinds of interval; null when there are none.</summary>
    public static Chart? Efficiencies(ReportInput input)
    {
        if (input.Shared is null) return null;
        var shown = (input.Bootstrap?.Parameters ?? [])
            .Where(p => p.Parameter is "rhoN" or "rhoD" && p.Optimizer != input.Shared.Reference).ToList();
        if (shown.Count == 0) return null;
        var profiles = shown.Select((p, place) => (place, Profile: input.Profiles.FirstOrDefault(
                q => q.Optimizer == p.Optimizer && q.Parameter == p.Parameter)))
            .Where(pair => pair.Profile is not null).ToList();
        return new()
        {
            Title = $"Efficiency against {input.Shared.Reference}",
            Description =
                "What a parameter and a token of each optimizer are worth, with intervals; 1 is no difference.",
            X = Axis.Log($"Worth ({input.Shared.Reference}'s = 1)"),
            Y = Axis.Category(
                [.. shown.Select(
                    p => $"{p.Optimizer}: a {(p.Parameter == "rhoN" ? "parameter (ρN)" : "token (ρD)")}")]),
            Height = 120 + 44 * shown.Count,
            Series =
            [
                new ReferenceLine { Value = 1, IsVertical = true, Label = "no difference" },
                Intervals($"bootstrap over {Words(input)}", new SeriesStyle { Color = SeriesStyle.Neutral },
                    shown.Select((p, place) =>
                        (place - (profiles.Count > 0 ? Apart : 0), p.Estimate, p.Low, p.High))),
                .. profiles.Count == 0 ? Array.Empty<ChartSeries>()
                    : [Intervals("profile", SeriesStyle.For(3), profiles.Select(pair =>
                        (pair.place + Apart, pair.Profile!.Estimate, pair.Profile.Low, pair.Profile.High)))],
            ],
        };
    }

    private static ScatterSeries Intervals(string name, SeriesStyle style,
        IEnumerable<(double Place, double Value, double Low, double High)> intervals)
    {
        var all = intervals.ToList();
        return new()
        {
            Name = name,
            Style = style,
            Intervals = [.. all.Select(one => (one.Low, one.High))],
            Points = [.. all.Select(one => new ChartPoint(one.Value, one.Place,
                $"{Say.Three(one.Value)} ({Say.Interval(one.Low, one.High)}) by {name}"))],
        };
    }

    internal static string Words(ReportInput input) => input.Bootstrap?.Kind switch
    {
        BootstrapKind.Noise => "noise around the law",
        BootstrapKind.Cells => "cells",
        BootstrapKind.Trunks => "trunks",
        BootstrapKind.SeedNoise => "seed noise",
        _ => "runs",
    };
}
