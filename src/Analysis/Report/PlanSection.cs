using PretrainBench.Analysis.Charts;
using PretrainBench.Analysis.Solvers;

namespace PretrainBench.Analysis.Report;

/// <summary>Where a budget is spent best.</summary>
internal static class PlanSection
{
    private static readonly double[] BudgetFactors = [0.1, 1, 10];

    public static void Add(HtmlPage page, ReportInput input, OptimizerStyles styles)
    {
        if (input.Main is not { } fit || !fit.Parameters.All(p => p.Alpha > 0 && p.Beta > 0)) return;
        string other = input.Advantages.Where(a => !a.IsExtrapolated).OrderByDescending(a => a.N).ThenBy(a => a.Share).FirstOrDefault()?.Optimizer ?? fit.Reference;
        HtmlSection section = page.Section("Spending a budget", "budget");
        section.Figure(PlanFigures.IsoLoss(input, fit, other, styles),
            "Along a thin line the loss is the same. The thick lines lead through the N and D that reach the least loss for C = 6 N D; outside the runs (+) all is extrapolation.");
        section.Table(Optima(input, fit, styles));
        section.Note(Reach(fit));
    }

    /// <summary>Says whether the best tokens per parameter lie among those trained.</summary>
    private static string Reach(LawFit fit)
    {
        var ratios = fit.Points.Select(p => p.D / p.N).ToList();
        var best = Enumerable.Range(0, fit.Model.Optimizers.Count)
            .Select(o => PlanFigures.Optimal(fit.Model, o, fit.Points.Max(p => 6 * p.N * p.D))).Select(p => p.Y / p.X).ToList();
        string trained = $"The runs have {Say.Three(ratios.Min())} to {Say.Three(ratios.Max())} tokens per parameter";
        return best.All(ratio => ratio >= ratios.Min() && ratio <= ratios.Max())
            ? trained + ", and the best ratios lie among them at the largest budget trained."
            : trained + $"; the best ratios at the largest budget trained, {Say.Three(best.Min())} to {Say.Three(best.Max())}, are not all among them: no run has checked them.";
    }

    private static ReportTable Optima(ReportInput input, LawFit fit, OptimizerStyles styles)
    {
        ReportTable table = new(
            ReportTable.Numbers("budget (FLOPs)"), ReportTable.Words("optimizer"), ReportTable.Numbers("best N"), ReportTable.Numbers("best D"),
            ReportTable.Numbers("D/N"), ReportTable.Numbers("loss"))
        { Caption = "Best N and D by the law; pale rows lie outside the sizes or tokens trained" };
        double most = fit.Points.Max(p => 6 * p.N * p.D);
        foreach (double factor in BudgetFactors)
        {
            foreach (string name in styles.Order)
            {
                int o = fit.Model.IndexOf(name);
                ChartPoint best = PlanFigures.Optimal(fit.Model, o, factor * most);
                bool outside = best.X > fit.Points.Max(p => p.N) || best.X < fit.Points.Min(p => p.N)
                    || best.Y > fit.Points.Max(p => p.D) || best.Y < fit.Points.Min(p => p.D);
                table.Add(new ReportRow(
                    [Say.Three(factor * most), name, Say.Count(best.X), Say.Count(best.Y), Say.Three(best.Y / best.X), Say.Loss(fit.Model.Predict(o, best.X, best.Y))], IsMuted: outside));
            }
        }

        return table;
    }
}
