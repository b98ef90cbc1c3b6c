using PretrainBench.Analysis;
using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Analysis.Uncertainty;

namespace PretrainBench.Reports;

/// <summary>Whether the answer may be trusted, one line for each kind of doubt.</summary>
internal static class Trust
{
    /// <param name="best">The saving that the answer is about; null where there is none.</param>
    public static IReadOnlyList<string> Of(ReportInput input, TokenAdvantage? best)
        => [Fair(input), .. Values(input), .. Law(input), .. Rivals(input, best), .. Ratio(input, best),
            .. Form(input, best)];

    private static string Fair(ReportInput input)
    {
        var broken = input.Findings.Where(finding => finding.Severity == Severity.Unfair).ToList();
        var unknown = new[] { ("tuning-unknown", "tuning"), ("seed-noise-unknown", "noise between seeds") }
            .Where(pair => input.Findings.Any(finding => finding.Code == pair.Item1))
            .Select(pair => pair.Item2).ToList();
        return broken.Count > 0
            ? $"Not a fair comparison as it stands: {broken[0].Message}"
                + (broken.Count > 1 ? $" And {broken.Count - 1} more." : "")
            : "No rule of a fair comparison is seen to be broken"
                + (unknown.Count > 0 ? $"; {Say.List(unknown)} cannot be checked." : ".");
    }

    // What the table holds may be another quantity, or one run decides everything.
    private static IEnumerable<string> Values(ReportInput input)
        => [.. input.Findings.Where(finding => finding.Code is "unlikely-units" or "repeated-data"
                or "unknown-corpus")
            .DistinctBy(finding => finding.Code).Select(finding => finding.Message),
            .. ResidualCheck.Deciding(input.Checks)];

    // The answer is for one number of tokens per parameter.
    private static IEnumerable<string> Ratio(ReportInput input, TokenAdvantage? best)
        => input.Ratios.Where(other => other.Optimizer == best?.Optimizer && other.N == best.N)
            .Select(other => $"It hangs on how long is trained: at {Say.Ratio(other.TokensPerParameter)} tokens per "
                + $"parameter {OptimizerNames.Of(other.Optimizer)} needs {Say.Tokens(other.Share)}.");

    private static IEnumerable<string> Law(ReportInput input)
    {
        if (input.Findings.FirstOrDefault(finding => finding.Code == "undetermined") is { } undetermined)
            yield return undetermined.Message;
        if (input.Read is not { } fit) yield break;
        if (input.Findings.FirstOrDefault(finding => finding.Code == "form-rejected") is { } rejected)
            yield return rejected.Message;
        var errors = input.Comparison?.Laws.FirstOrDefault(law => law.Law == fit.Law);
        var ahead = errors?[HoldOutProtocol.Largest].Pooled;
        var poor = fit == input.Main ? input.Checks.Count(check => check.IsPoor) : 0;
        var fits = poor == 0 ? "" : $"{poor} of {input.Checks.Count} checks say that it does not fit like noise";
        if (ahead is not null)
            yield return $"From smaller sizes the {(fit == input.Main ? "" : fit.Law + " ")}law predicts the largest "
                + "within " + Say.Percent(ahead.MeanRelativeError, 2) + (poor > 0 ? $", but {fits}." : ".");
        else if (poor > 0) yield return $"Of the law {fits}.";
    }

    // Others that save there too, by intervals that overlap the best one's.
    private static IEnumerable<string> Rivals(ReportInput input, TokenAdvantage? best)
    {
        if (best is not { IsResolved: true, Share: < 1 }) yield break;
        var rivals = input.Advantages.Where(a => a != best && a.N == best.N && !a.IsExtrapolated && a.IsResolved
            && a.Share < 1 && a.Low <= best.High).Select(a => OptimizerNames.Of(a.Optimizer)).ToList();
        if (rivals.Count > 0)
            yield return $"{Say.List(rivals)} {(rivals.Count == 1 ? "saves" : "save")} there too: not told apart from "
                + $"{OptimizerNames.Of(best.Optimizer)}.";
    }

    private static IEnumerable<string> Form(ReportInput input, TokenAdvantage? best)
    {
        var other = input.Forms.FirstOrDefault(form => form.Optimizer == best?.Optimizer && form.N == best.N
            && double.IsFinite(form.Share));
        if (other is not null)
            yield return $"Another form of law ({other.Law}), which AICc prefers by {Say.Fixed(other.AiccGain, 0)}, "
                + $"says {Say.Tokens(other.Share)}.";
    }
}
