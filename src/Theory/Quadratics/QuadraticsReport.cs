using PretrainBench.Reports.Charts;
using PretrainBench.Reports.Page;
using static PretrainBench.Reports.Page.ReportTable;

namespace PretrainBench.Theory.Quadratics;

/// <summary>The quadratics lab as one self-contained page.</summary>
public static class QuadraticsReport
{
    public static string ToHtml(QuadraticsResult result)
    {
        var page = new HtmlPage("Quadratics: where Chinchilla-like laws come from")
        {
            Kicker = "PretrainBench theory lab",
            Footer = "Made by pretrainbench theory quadratic. Model after Volkova et al., arXiv 2602.07712, section 6.",
        };
        double worstSteps = result.Exponents.Max(e => Math.Abs(e.StepError)),
            worstWidth = result.Exponents.Max(e => Math.Abs(e.WidthError));
        var pairs = result.Exponents.Select(e => e.Exponents).Distinct().Count();
        page.Lead.Answer(
            $"Over {pairs} pairs (a, b) the measured exponents are within {worstSteps:P1} (steps) "
            + $"and {worstWidth:P1} (width) of the prediction, with and without a preconditioner. A step size only "
            + "rescales the steps; a preconditioner changes the exponent.");
        page.Lead.Formula(
            "L(d, k) = E + ½σ((0, λ_d]) + ½Σ_{i≤d} λ_i δ_i^2 (1 − ηλ_i)^{2k},   λ_i = "
                + "i^{−a},  δ_i^2 = i^{−b},  ω = (a+b−1)/a");
        page.Section("Predicted and measured exponents")
            .Figure(ExponentChart(result), "On the diagonal prediction and measurement are equal.")
            .Table(ExponentTable(result))
            .Note("Steps: optimisation loss plus the infinite tail, fitted from ηk = 30 to a tenth of the end "
                + "of phase 1. Width: loss after 20 time constants of the slowest direction, d from 10 to D/10. "
                + "Cutting the tail at D instead of infinity gives the last column.");
        page.Section("Two phases").Figure(PhaseChart(result),
            "Phase 1 follows ½cΓ(ω+1)(2ηk)^−ω until ηkλ_d ≈ 1; then a model of width d falls exponentially.");
        page.Section("What the loss is made of").Figure(DecompositionChart(result),
            "At each width the optimisation loss falls below the approximation error only after phase 1 has ended.");
        var families = page.Section("Families of optimizers").Pair(pair => pair
            .Figure(FamilyChart("Step sizes", result.StepSizeFamily),
                "Parallel curves: one is another with the steps rescaled, a ρ_D.")
            .Figure(FamilyChart("Preconditioners", result.PreconditionerFamily),
                "Not parallel: the exponent in steps is ω/(1−p)."));
        families.Table(FamilyTable(result));
        foreach (var comparison in result.Comparisons)
            families.Details($"What compare says about the family of {comparison.Family}s",
                section => section.List(comparison.Verdict.Select(HtmlText.Plain)));
        families.Note(
            "Both tables carry seed noise. L = E + A/N^α + B/D^β is itself an approximation here: near "
                + "ηkλ_d = 1 the two losses do not add.");
        return page.ToHtml();
    }

    private static ReportTable FamilyTable(QuadraticsResult result)
    {
        var table = new ReportTable(Words("family"), Words("shared exponents"), Numbers("AICc, shared better by"),
            Numbers("held-out error, shared"),
            Numbers("separate"), Words("β of separate fits"), Words("ρ_D of the shared fit"));
        foreach (var c in result.Comparisons)
        {
            table.Add(c.Family, c.SharedExponentsHold ? "hold" : "fail", $"{c.AiccAdvantage:0.0}",
                $"{c.SharedError:0.0e+0}", $"{c.SeparateError:0.0e+0}",
                string.Join(", ", c.Exponents.Values.Select(beta => $"{beta:0.00}")),
                string.Join(", ", c.Efficiencies.Values.Select(rho => $"{rho:0.00}")));
        }
        return table;
    }

    private static Chart ExponentChart(QuadraticsResult result) => new()
    {
        Title = "Exponents",
        Description = "Measured against predicted exponents in steps and in width.",
        X = Axis.Linear("predicted"),
        Y = Axis.Linear("measured"),
        Series =
        [
            new LineSeries
            {
                Points = [new(0, 0), new(3, 3)],
                Style = new SeriesStyle { Color = SeriesStyle.Neutral, Dash = "dash" },
            },
            .. result.Exponents.GroupBy(e => e.PreconditionerPower).Select((group, i) => new ScatterSeries
            {
                Name = $"steps, p = {group.Key}", Style = SeriesStyle.For(i),
                Points = [.. group.Select(e => new ChartPoint(e.PredictedSteps, e.MeasuredSteps))],
            }),
            new ScatterSeries
            {
                Name = "width", Style = SeriesStyle.For(5),
                Points = [.. result.Exponents.Select(e => new ChartPoint(e.PredictedWidth, e.MeasuredWidth))],
            },
        ],
    };

    private static ReportTable ExponentTable(QuadraticsResult result)
    {
        var table = new ReportTable(
            Numbers("a"), Numbers("b"), Numbers("p"), Numbers("steps, predicted"), Numbers("measured"),
            Numbers("error"),
            Numbers("width, predicted"), Numbers("measured"), Numbers("error"), Numbers("cut at D"));
        foreach (var e in result.Exponents)
        {
            table.Add($"{e.Exponents.A}", $"{e.Exponents.B}", $"{e.PreconditionerPower}", $"{e.PredictedSteps:0.000}",
                $"{e.MeasuredSteps:0.000}",
                $"{e.StepError:P2}", $"{e.PredictedWidth:0.000}", $"{e.MeasuredWidth:0.000}", $"{e.WidthError:P2}",
                $"{e.MeasuredWidthCutAtD:0.000}");
        }
        return table;
    }

    private static Chart PhaseChart(QuadraticsResult result)
    {
        var widest = result.Phases.Max(p => p.Width);
        var floor = result.Phases.Where(p => p.Width == widest).Min(p => p.PhaseOnePrediction) * 1e-4;
        return new Chart
        {
            Title = "Optimisation loss against steps",
            Description = "For several widths: a power law, then an exponential fall.",
            X = Axis.Log("steps k"),
            Y = Axis.Log("optimisation loss") with { Minimum = floor },
            Series =
            [
                .. result.Phases.GroupBy(p => p.Width).Select((group, i) => new LineSeries
                {
                    Name = $"d = {group.Key}", Style = SeriesStyle.For(i),
                    Points = [.. group.Where(p => p.Optimization > floor)
                        .Select(p => new ChartPoint(p.Steps, p.Optimization))],
                }),
                new LineSeries
                {
                    Name = "theorem, phase 1",
                    Style = new SeriesStyle { Color = SeriesStyle.Neutral, Dash = "dash" },
                    Points = [.. result.Phases.Where(p => p.Width == widest)
                        .Select(p => new ChartPoint(p.Steps, p.PhaseOnePrediction))],
                },
            ],
        };
    }

    private static Chart DecompositionChart(QuadraticsResult result)
    {
        var widest = result.Phases.Max(p => p.Width);
        var width = result.Phases.Select(p => p.Width).Distinct().OrderDescending().Skip(1).FirstOrDefault(widest);
        PhasePoint[] points = [.. result.Phases.Where(p => p.Width == width)];
        LineSeries Part(string name, int color, Func<PhasePoint, double> part) => new()
        {
            Name = name,
            Style = SeriesStyle.For(color),
            Points = [.. points.Select(p => new ChartPoint(p.Steps, part(p)))],
        };
        return new Chart
        {
            Title = $"Loss at width {width}, taken apart",
            Description = "Optimisation, approximation and their sum against steps.",
            X = Axis.Log("steps k"),
            Y = Axis.Log("loss above E") with { Minimum = points[0].Approximation * 1e-3 },
            Series =
            [
                Part("sum", 0, p => p.Optimization + p.Approximation),
                Part("optimisation", 1, p => p.Optimization),
                Part("approximation", 2, p => p.Approximation),
            ],
        };
    }

    private static Chart FamilyChart(string title, IReadOnlyList<FamilyLoss> rows)
    {
        var width = rows.Max(row => row.Width);
        return new Chart
        {
            Title = title,
            Description = $"Loss against steps at width {width} for each member of the family.",
            X = Axis.Log("steps k"),
            Y = Axis.Linear("loss"),
            Series =
            [
                .. rows.Where(row => row.Width == width).GroupBy(row => row.Optimizer)
                    .Select((group, i) => new LineSeries
                    {
                        Name = group.Key, Style = SeriesStyle.For(i), ShowMarkers = true,
                        Points = [.. group.Select(row => new ChartPoint(row.Steps, row.Loss))],
                    }),
            ],
        };
    }
}
