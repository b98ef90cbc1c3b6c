using PretrainBench.Reports.Page;
using static PretrainBench.Reports.Page.ReportTable;

namespace PretrainBench.Theory.Phases;

/// <summary>The phases lab as one self-contained page.</summary>
public static class PhasesReport
{
    public static string ToHtml(PhasesResult result)
    {
        var page = new HtmlPage("4+3 phases of compute-optimal scaling")
        {
            Kicker = "PretrainBench theory lab",
            Footer = "Made by pretrainbench theory phases. Model and theory: Paquette, Paquette, "
                + "Xiao, Pennington, arXiv 2405.15074.",
        };
        var worstEta = result.Points.Max(p => Math.Abs(p.Headline.Eta - p.Headline.Table.Eta));
        var worstXi = result.Points.Max(p => Math.Abs(p.Headline.Xi - p.Headline.Table.Xi));
        page.Lead.Answer(
            $"At {result.Points.Count} points the measured exponents of the compute-optimal "
            + $"loss (η) and width (ξ) are within {worstEta:0.000} and {worstXi:0.000} of the theory's table, for "
            + $"budgets from {result.Config.FirstFlops:0e+0} to {result.Config.LastFlops:0e+0}.");
        page.Lead.Formula("P^* ≍ f^{−η},  d^* ≍ f^ξ,  f = steps · B · d");
        page.Section("Exponents beside the table").Table(ExponentTable(result))
            .Note("Deterministic limit, d continuous. A single sampled W scatters too much for exponents (η by "
                + "up to .15). FLOPs are the theory's unit, one multiplication per parameter and sample, not a "
                + "hardware count.");
        page.Section("The phase diagram").Figure(PhasesCharts.Diagram(result),
            "The measured points; each shows its exponents under the pointer. The lines bound the seven regions. "
                + "Below 2(α+β) = 1 the theory does not hold.");
        page.Section("Exponents against the window").Pair(pair => pair
                .Figure(PhasesCharts.Windows(result, "η", m => m.Eta - m.Table.Eta))
                .Figure(PhasesCharts.Windows(result, "ξ", m => m.Xi - m.Table.Xi)))
            .Note("Deviations at small budgets are real finite-size effects, not noise: the "
                + "asymptotic table does not hold there.");
        page.Section("IsoFLOP slices")
            .Figure(PhasesCharts.Slices(result.Points[0]), "Each curve is one budget; the marker is its optimum.");
        var sgd = page.Section("SGD on top of its exact mean");
        foreach (var comparison in result.Sgd)
        {
            sgd.Figure(PhasesCharts.Sgd(comparison),
                $"Median gap {comparison.MedianGap:P2}, rms {comparison.RmsGap:P2} over {comparison.Bins.Count} bins.");
        }
        sgd.Note("Single points of a run fluctuate without limit; averages over "
            + "log-spaced bins of steps can be compared.");
        page.Section("The deterministic limit and sampled sketches").Table(CheckTable(result));
        page.Section("Momentum, DANA and sign SGD").Figure(PhasesCharts.Optimizers(result),
            "Exact means given W; for sign SGD simulated runs to each horizon, at the best of a few step "
            + "sizes. One sketch, one (α, β): an illustration that further rules run on the same model, not a "
            + "ranking.");
        return page.ToHtml();
    }

    private static ReportTable ExponentTable(PhasesResult result)
    {
        var table = new ReportTable(Numbers("α"), Numbers("β"), Words("phase"), Numbers("η"), Numbers("table"),
            Numbers("difference"),
            Numbers("ξ"), Numbers("table"), Numbers("difference"));
        foreach (var m in result.Points.Select(point => point.Headline))
        {
            table.Add($"{m.Point.Alpha}", $"{m.Point.Beta}", $"{m.Table.Phase}", $"{m.Eta:0.000}",
                $"{m.Table.Eta:0.000}",
                Signed(m.Eta - m.Table.Eta), $"{m.Xi:0.000}", $"{m.Table.Xi:0.000}", Signed(m.Xi - m.Table.Xi));
        }
        return table;
    }

    // Rounded first: what is zero in print has no sign.
    private static string Signed(double difference) => $"{Math.Round(difference, 3) + 0.0:+0.000;-0.000;0.000}";

    private static ReportTable CheckTable(PhasesResult result)
    {
        var table = new ReportTable(Numbers("d"), Numbers("steps"), Numbers("mean over W"), Numbers("± standard error"),
            Numbers("limit"), Numbers("ratio"));
        foreach (var c in result.DeterministicChecks)
            table.Add($"{c.Width}", $"{c.Steps:0}", $"{c.Sampled:0.00000}", $"{c.StandardError:0.00000}",
                $"{c.Deterministic:0.00000}", $"{c.Deterministic / c.Sampled:0.000}");
        return table;
    }
}
