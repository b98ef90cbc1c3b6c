using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Reports.Page;

namespace PretrainBench.Reports.Sections;

/// <summary>Where a budget is spent best.</summary>
internal static class PlanSection
{
    public static void Add(HtmlPage page, ReportInput input, OptimizerStyles styles)
    {
        if (input.Main is not { } fit || input.Optima.Count == 0) return;
        var other = input.Advantages.Where(a => !a.IsExtrapolated).OrderByDescending(a => a.N).ThenBy(a => a.Share)
            .FirstOrDefault()?.Optimizer ?? fit.Reference;
        var section = page.Section("Spending a budget", "budget");
        section.Figure(PlanFigures.IsoLoss(input, fit, other, styles),
            "Along a thin line the loss is the same. The thick lines lead through the N and D that reach the least "
                + "loss for C = 6 N D; outside the runs (+) all is extrapolation.");
        section.Table(Optima(input, styles));
        section.Note(Reach(fit, input.Optima));
    }

    // Says whether the best tokens per parameter lie among those trained.
    private static string Reach(LawFit fit, IReadOnlyList<BudgetOptimum> optima)
    {
        var ratios = fit.Points.Select(p => p.D / p.N).ToList();
        var largest = optima.Select(optimum => optimum.C).Distinct().Order().ElementAt(1);
        var best = optima.Where(optimum => optimum.C == largest).Select(optimum => optimum.D / optimum.N).ToList();
        var trained = $"The runs have {Say.Three(ratios.Min())} to {Say.Three(ratios.Max())} tokens per parameter";
        return best.All(ratio => ratio >= ratios.Min() && ratio <= ratios.Max())
            ? trained + ", and the best ratios lie among them at the largest budget trained."
            : trained + $"; the best ratios at the largest budget trained, {Say.Three(best.Min())} to "
                + $"{Say.Three(best.Max())}, are not all among them: no run has checked them.";
    }

    private static ReportTable Optima(ReportInput input, OptimizerStyles styles)
    {
        var table = new ReportTable(
            ReportTable.Numbers("budget (FLOPs)"), ReportTable.Words("optimizer"), ReportTable.Numbers("best N"),
            ReportTable.Numbers("best D"),
            ReportTable.Numbers("D/N"), ReportTable.Numbers("loss"))
        { Caption = "Best N and D by the law; pale rows lie outside the sizes or tokens trained" };
        foreach (var best in input.Optima.OrderBy(optimum => optimum.C)
                .ThenBy(optimum => styles.Order.ToList().IndexOf(optimum.Optimizer)))
        {
            table.Add(new ReportRow(
                [Say.Three(best.C), best.Optimizer, Say.Count(best.N), Say.Count(best.D), Say.Three(best.D / best.N),
                    Say.Loss(best.Loss)], IsMuted: best.IsOutside));
        }
        return table;
    }
}
