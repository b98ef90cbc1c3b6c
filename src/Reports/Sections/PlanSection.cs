using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Reports.Page;

namespace PretrainBench.Reports.Sections;

/// <summary>Where a budget is spent best; why nothing is advised where the runs do not determine it.</summary>
internal static class PlanSection
{
    public static void Add(HtmlPage page, ReportInput input, OptimizerStyles styles)
    {
        if (input.Read is not { } fit) return;
        var undetermined = input.Findings.FirstOrDefault(finding => finding.Code == "undetermined")?.Message;
        var trained = input.Optima.Select(optimum => optimum.C).Distinct().Order().ElementAtOrDefault(1);
        List<BudgetOptimum> wide = [.. input.Optima.Where(own => own.C == trained && !own.IsDetermined)];
        List<BudgetOptimum> advised = [.. input.Optima.Where(own => wide.All(w => w.Optimizer != own.Optimizer))];
        if (undetermined is null && input.Optima.Count == 0) return;
        var section = page.Section("Spending a budget", "budget");
        if (undetermined is not null)
            section.Warning($"{undetermined} That goes for the best N and D of a budget too.");
        if (wide.Count > 0)
            section.Warning($"No N and D are advised for {Say.List([.. wide.Select(own => own.Optimizer)])}: at the "
                + "largest budget trained the best N may be anything from "
                + $"{Say.Count(wide.Min(own => own.LowN))} to {Highest(wide)}. {Missing(fit)}");
        if (advised.Count == 0) return;
        section.Figure(PlanFigures.IsoLoss(fit, Shown(input, advised), styles),
            "Along a thin line the loss is the same. The thick lines lead through the N and D that reach the least "
                + "loss for C = 6 N D; outside the runs (+) all is extrapolation.");
        section.Figure(IsoFlopFigures.Of(fit, Shown(input, advised), styles),
            "Each line is one budget, named at its end in FLOPs; a point is its best use, if that is near the runs.");
        section.Table(Optima(input, advised, styles));
        section.Note(Reach(fit, advised.Where(own => own.C == trained)));
    }

    // The reference, and the optimizer that saves most at the largest size; those that advice is given for.
    private static IReadOnlyList<string> Shown(ReportInput input, List<BudgetOptimum> advised)
    {
        var best = input.Advantages.Where(a => !a.IsExtrapolated).OrderByDescending(a => a.N).ThenBy(a => a.Share)
            .Select(a => a.Optimizer);
        var names = advised.Select(own => own.Optimizer).ToHashSet();
        return [.. best.Take(1).Prepend(input.Reference).Concat(names).Where(names.Contains).Distinct().Take(2)];
    }

    private static string Highest(List<BudgetOptimum> wide)
        => wide.Max(own => own.HighN) is var most && double.IsFinite(most) ? Say.Count(most) : "no bound";

    // Runs on both sides of the best N at one budget are what fixes it.
    private static string Missing(LawFit fit)
    {
        var ratios = fit.Points.Select(p => p.D / p.N).ToList();
        return "Runs of one budget at several sizes, with fewer and with more tokens per parameter than now "
            + $"({Say.Ratio(ratios.Min())} to {Say.Ratio(ratios.Max())}), would fix it.";
    }

    // Says whether the best tokens per parameter lie among those trained.
    private static string Reach(LawFit fit, IEnumerable<BudgetOptimum> optima)
    {
        var ratios = fit.Points.Select(p => p.D / p.N).ToList();
        var best = optima.Select(optimum => optimum.D / optimum.N).ToList();
        var trained = $"The runs have {Say.Ratio(ratios.Min())} to {Say.Ratio(ratios.Max())} tokens per parameter";
        return best.All(ratio => ratio >= ratios.Min() && ratio <= ratios.Max())
            ? trained + ", and the best ratios lie among them at the largest budget trained."
            : trained + $"; the best ratios at the largest budget trained, {Say.Ratio(best.Min())} to "
                + $"{Say.Ratio(best.Max())}, are not all among them: no run has checked them.";
    }

    private static ReportTable Optima(ReportInput input, List<BudgetOptimum> advised, OptimizerStyles styles)
    {
        var table = new ReportTable(
            ReportTable.Numbers("budget (FLOPs)"), ReportTable.Words("optimizer"), ReportTable.Numbers("best N"),
            ReportTable.Numbers($"{Say.Percent(input.Bootstrap!.Confidence)} by bootstrap"),
            ReportTable.Numbers("best D"), ReportTable.Numbers("D/N"), ReportTable.Numbers("loss"))
        { Caption = "Best N and D by the law; pale rows lie outside the sizes or tokens trained" };
        foreach (var best in advised.OrderBy(optimum => optimum.C)
                .ThenBy(optimum => styles.Order.ToList().IndexOf(optimum.Optimizer)))
        {
            table.Add(new ReportRow(
                [Say.Three(best.C), best.Optimizer, Say.Count(best.N),
                    $"{Say.Count(best.LowN)} to {Highest([best])}", Say.Count(best.D),
                    Say.Ratio(best.D / best.N), Say.Loss(best.Loss)], IsMuted: best.IsOutside));
        }
        return table;
    }
}
