using PretrainBench.Reports.Charts;
using PretrainBench.Reports.Page;
using static PretrainBench.Reports.Page.ReportTable;

namespace PretrainBench.Theory.RandomFeatures;

/// <summary>The random-feature lab as one self-contained page.</summary>
public static class RandomFeaturesReport
{
    public static string ToHtml(RandomFeaturesResult result)
    {
        var page = new HtmlPage("Random features: exponents by optimizer")
        {
            Kicker = "PretrainBench theory lab",
            Footer = "Made by pretrainbench theory random-features. After Ramani and Jain, arXiv "
                + "2605.29387; the definition is ours.",
        };
        Answer(page, result);
        page.Lead.Formula(
            "L(θ) = (W^Tθ − w)^TΛ(W^Tθ − w),   λ_k = k^{−s},  w ~ N(0, 1),  W ∈ R^{N×M},  L(N) ∝ N^{−α} after T steps");
        page.Section("Exponents")
            .Figure(ByIndex(result, "dense"),
                "α over all sizes with 95 % bootstrap intervals over sketches and targets.")
            .Table(ExponentTable(result, "dense"));
        page.Section("Losses at s = 1 or the nearest").Figure(LossChart(result));
        page.Section("What the result hangs on").Pair(pair => pair
                .Figure(BudgetChart(result), "Gradient descent's α grows with the step budget T until the gap is gone.")
                .Figure(DampingChart(result),
                    "The peak over s exists because the natural gradient is damped; undamped, α rises with s."))
            .Warning("M/N and T are fitted to the published pair at s = 1: two settings fit two numbers. The "
                + "paper's own sizes, step budget, feature map and diagnostic are not public to us.");
        page.Section("Sparse sketches")
            .Figure(ByIndex(result, "sparse"),
                "Few latents per feature: a diagonal preconditioner has something to correct.")
            .Table(ExponentTable(result, "sparse"));
        page.Section("A diagnostic of when preconditioning pays").Figure(DiagnosticChart(result),
                $"Spearman's rank correlation {result.DiagnosticRankCorrelation:0.00} over "
                    + $"{result.Diagnostics.Count} cells (s × T).")
            .Table(DiagnosticTable(result));
        return page.ToHtml();
    }

    private static void Answer(HtmlPage page, RandomFeaturesResult result)
    {
        var gap = NearestToOne(
            result.Gaps.Where(g => g.Sketch == "dense" && g.Optimizer == FeatureOptimizer.NaturalGradient),
            g => g.SpectralIndex);
        FeatureExponent Of(FeatureOptimizer optimizer) => result.Exponents.Single(e =>
            e.Sketch == "dense" && e.Optimizer == optimizer && e.SpectralIndex == gap.SpectralIndex);
        var (descent, natural) =
            (Of(FeatureOptimizer.GradientDescent).Alpha, Of(FeatureOptimizer.NaturalGradient).Alpha);
        page.Lead.Answer(
            $"At s = {gap.SpectralIndex} gradient descent scales with α = {Text(descent)}, the natural "
            + $"gradient with {Text(natural)}: a ratio of {Text(gap.Ratio)} after T = {result.Config.Steps} steps. "
            + "With more steps the difference disappears.");
    }

    private static T NearestToOne<T>(IEnumerable<T> rows, Func<T, double> index)
        => rows.MinBy(row => Math.Abs(index(row) - 1))!;

    private static string Text(Estimate e) => $"{e.Value:0.000} [{e.Low:0.000}, {e.High:0.000}]";

    private static ReportTable ExponentTable(RandomFeaturesResult result, string sketch)
    {
        var table = new ReportTable(Numbers("s"), Words("optimizer"), Numbers("α [95 %]"), Numbers("small N"),
            Numbers("large N"),
            Numbers("α − gradient descent's"), Numbers("ratio"), Words("rate on edge"));
        foreach (var e in result.Exponents.Where(e => e.Sketch == sketch))
        {
            var gap = result.Gaps.SingleOrDefault(g => g.Sketch == sketch && g.Optimizer == e.Optimizer
                && g.SpectralIndex == e.SpectralIndex);
            table.Add($"{e.SpectralIndex}", $"{e.Optimizer}", Text(e.Alpha), $"{e.AlphaSmall:0.000}",
                $"{e.AlphaLarge:0.000}",
                gap is null ? "" : Text(gap.Difference), gap is null ? "" : Text(gap.Ratio), e.RateOnEdge ? "yes" : "");
        }
        return table;
    }

    private static Chart ByIndex(RandomFeaturesResult result, string sketch) => new()
    {
        Title = $"α against s, {sketch} sketches, T = {result.Config.Steps}",
        Description = "One curve per optimizer.",
        X = Axis.Linear("spectral index s"),
        Y = Axis.Linear("α"),
        Series =
        [
            .. result.Exponents.Where(e => e.Sketch == sketch).GroupBy(e => e.Optimizer)
                .SelectMany((group, i) => new ChartSeries[]
                {
                    new BandSeries
                    {
                        Style = SeriesStyle.For(i),
                        Points = [.. group.Select(e => new BandPoint(e.SpectralIndex, e.Alpha.Low, e.Alpha.High))],
                    },
                    new LineSeries
                    {
                        Name = $"{group.Key}", Style = SeriesStyle.For(i), ShowMarkers = true,
                        Points = [.. group.Select(e => new ChartPoint(e.SpectralIndex, e.Alpha.Value))],
                    },
                }),
        ],
    };

    private static Chart LossChart(RandomFeaturesResult result)
    {
        var index = NearestToOne(result.Losses, l => l.SpectralIndex).SpectralIndex;
        return new Chart
        {
            Title = $"Loss against N at s = {index}, dense",
            Description = "Best learning rate per cell, one curve per optimizer.",
            X = Axis.Log("features N"),
            Y = Axis.Log("population loss"),
            Series =
            [
                .. result.Losses.Where(l => l.Sketch == "dense" && l.SpectralIndex == index).GroupBy(l => l.Optimizer)
                    .Select((group, i) => new LineSeries
                    {
                        Name = $"{group.Key}", Style = SeriesStyle.For(i), ShowMarkers = true,
                        Points = [.. group.Select(l => new ChartPoint(l.Size, l.Loss))],
                    }),
            ],
        };
    }

    private static Chart BudgetChart(RandomFeaturesResult result)
    {
        var index = NearestToOne(result.ByBudget, e => e.SpectralIndex).SpectralIndex;
        return new Chart
        {
            Title = $"α against the step budget, s = {index}",
            Description = "Gradient descent and natural gradient.",
            X = Axis.Log("steps T"),
            Y = Axis.Linear("α"),
            Series =
            [
                .. result.ByBudget.Where(e => e.SpectralIndex == index).GroupBy(e => e.Optimizer)
                    .Select((group, i) => new LineSeries
                    {
                        Name = $"{group.Key}", Style = SeriesStyle.For(i), ShowMarkers = true,
                        Points = [.. group.Select(e => new ChartPoint(e.Steps, e.Alpha.Value))],
                    }),
            ],
        };
    }

    private static Chart DampingChart(RandomFeaturesResult result) => new()
    {
        Title = "Natural gradient: α against s by damping",
        Description = "One curve per damping.",
        X = Axis.Linear("spectral index s"),
        Y = Axis.Linear("α"),
        Series =
        [
            .. result.ByDamping.GroupBy(e => e.Damping).Select((group, i) => new LineSeries
            {
                Name = $"damping {group.Key}", Style = SeriesStyle.For(i), ShowMarkers = true,
                Points = [.. group.Select(e => new ChartPoint(e.SpectralIndex, e.Alpha.Value))],
            }),
        ],
    };

    private static Chart DiagnosticChart(RandomFeaturesResult result) => new()
    {
        Title = "Gap against the share of loss that gradient descent cannot reach",
        Description = "One point per (s, T).",
        X = Axis.Linear("share of gradient descent's loss left in unreachable modes"),
        Y = Axis.Linear("α of natural gradient − α of gradient descent"),
        Series =
        [
            .. result.Diagnostics.GroupBy(d => d.SpectralIndex).Select((group, i) => new ScatterSeries
            {
                Name = $"s = {group.Key}", Style = SeriesStyle.For(i),
                Points = [.. group.Select(d => new ChartPoint(d.UnreachableShare, d.Gap, $"T = {d.Steps}"))],
            }),
        ],
    };

    private static ReportTable DiagnosticTable(RandomFeaturesResult result)
    {
        var table =
            new ReportTable(Numbers("s"), Numbers("T"), Numbers("s measured"), Numbers("effective rank"), Numbers("κ"),
            Numbers("reachable modes"), Numbers("unreachable share"), Numbers("gap"));
        foreach (var d in result.Diagnostics)
        {
            table.Add($"{d.SpectralIndex}", $"{d.Steps}", $"{d.MeasuredIndex:0.00}", $"{d.EffectiveRank:0.0}",
                $"{d.Condition:0.0e+0}",
                $"{d.Reachable:0}", $"{d.UnreachableShare:0.000}", $"{d.Gap:0.000}");
        }
        return table;
    }
}
