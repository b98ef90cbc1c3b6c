using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Solvers;

/// <summary>What a reader of a fit must be told about its points and its solver.</summary>
internal static class FitFindings
{
    private const double FixedRatioSpread = 1.05, IllConditioned = 1e4;
    private const int LeastFreedom = 2;

    public static IReadOnlyList<Finding> Of(
        RunTable table, PreparedFit fit, LawModel model, IReadOnlyList<FitDiagnostics> diagnostics)
    {
        List<Finding> findings = [.. TableFindings.Of(table)];
        foreach (var part in diagnostics) Solver(part, fit, findings);
        Bounds(fit, diagnostics, findings);
        Freedom(table, fit, findings);
        Degenerate(fit, model, findings);
        Repeats(table, fit.Law, findings);
        if (fit.Law.Second != Sharing.Absent && FixedRatio(table.Rows))
            findings.Warn("fixed-ratio",
                "All runs have nearly the same tokens per parameter, so what N does cannot be told from "
                + "what D does: the condition number grows with (alpha − beta)^−2. Train some sizes at other ratios.");
        return findings;
    }

    private static void Solver(FitDiagnostics part, PreparedFit fit, List<Finding> findings)
    {
        var whose = fit.Parts.Count > 1 ? $" for {part.Optimizers[0]}" : "";
        if (!part.Converged)
            findings.Warn("not-converged",
                $"The search{whose} stopped after {part.Iterations} iterations without meeting its tolerance.");
        if (part.ConditionNumberOfExponents > IllConditioned)
            findings.Warn("ill-conditioned", $"The exponents{whose} are poorly separated (condition number "
                + $"{part.ConditionNumberOfExponents.Rounded(2)}); single parameters mean little, predictions "
                + "inside the data may still be good.");
    }

    // Once for all optimizers that meet the same bound.
    private static void Bounds(PreparedFit fit, IReadOnlyList<FitDiagnostics> diagnostics, List<Finding> findings)
    {
        foreach (var same in diagnostics.SelectMany(part => part.BoundsHit, (part, bound) => (part, bound))
            .GroupBy(hit => hit.bound, hit => hit.part.Optimizers[0]))
            findings.Warn("at-bound",
                $"The solution{(fit.Parts.Count > 1 ? $" for {string.Join(", ", same)}" : "")} lies on a bound: "
                + $"{same.Key}. The data do not determine that parameter; "
                + "runs at more sizes and more tokens per parameter would.");
    }

    private static void Freedom(RunTable table, PreparedFit fit, List<Finding> findings)
    {
        var own = fit.Law.ParameterCount(2) - fit.Law.ParameterCount(1);
        foreach (var runs in table.Rows.GroupBy(row => row.Optimizer).Where(runs => runs.Count() - own < LeastFreedom))
            findings.Warn("few-runs", $"{runs.Key}: {runs.Count()} runs for {own} parameters of its own leave "
                + $"{Degrees(runs.Count() - own)}: the law passes near them whatever they are.");
        var left = table.Rows.Count - fit.Law.ParameterCount(fit.Optimizers.Count);
        if (left < LeastFreedom)
            findings.Warn("few-runs", $"{table.Rows.Count} runs for {table.Rows.Count - left} parameters leave "
                + $"{Degrees(left)}: the residuals say little of the noise.");
    }

    private static string Degrees(int freedom) => $"{freedom} degree{(freedom == 1 ? "" : "s")} of freedom";

    private static void Degenerate(PreparedFit fit, LawModel model, List<Finding> findings)
    {
        for (var o = 0; o < fit.Optimizers.Count; o++)
        {
            var own = model.Coefficients(o);
            if (own.A != 0 && (fit.Law.Second == Sharing.Absent || own.B != 0)) continue;
            var idle = own.A == 0 ? fit.Law.FirstVariable == LawVariable.Flops ? "C" : "N" : "D";
            findings.Warn("no-effect",
                $"The fit sees no effect of {idle} for {fit.Optimizers[o]}: its coefficient is zero, and its "
                + "exponent and rho have no meaning.");
        }
    }

    private static void Repeats(RunTable table, Law law, List<Finding> findings)
    {
        var repeated = table.Rows.Where(row => row.Repeats >= RepeatedData.Least).ToList();
        if (repeated.Count > 0 && law.SecondVariable != LawVariable.RepeatedTokens)
            findings.Warn("repeated-data", $"{repeated.Count} of {table.Rows.Count} runs see their data again (up to "
                + $"{(1 + repeated.Max(row => row.Repeats)).Rounded(3)} times), and law '{law.Name}' counts every "
                + "token as new; use shared-repeated or per-optimizer-repeated.");
        if (RepeatedData.FixedShape(law) > 0)
            findings.Note("repeats-fixed", "Too few runs see their data twice or more, or all equally often, to tell "
                + $"what repeats are worth: R_D* is {RepeatedData.Published}, as published (arXiv 2305.16264).");
    }

    internal static bool FixedRatio(IReadOnlyList<RunRow> rows)
        => rows.Max(row => row.D / row.N) <= FixedRatioSpread * rows.Min(row => row.D / row.N);
}
