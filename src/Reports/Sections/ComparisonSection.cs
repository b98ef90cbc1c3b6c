using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Reports.Page;

namespace PretrainBench.Reports.Sections;

/// <summary>Whether the law can be trusted: its error on runs that it has not seen, beside other laws.</summary>
internal static class ComparisonSection
{
    public static void Add(HtmlPage page, ReportInput input, OptimizerStyles styles)
    {
        if (input.Comparison is not { } comparison) return;
        var section = page.Section("Can the law be trusted?", "error-by-law");
        section.List(comparison.Verdict.Select(HtmlText.Plain));
        section.Figure(ErrorFigures.ByLaw(comparison),
            "Free parameters in brackets. Further left is better; what counts is the error on runs held out. Rolling: "
            + "each size from all smaller ones; largest size: from all smaller ones.");
        section.Table(Errors(comparison));
        if (comparison.LeftOut.Count > 0)
            section.Note("Not compared: " + string.Join(" ", comparison.LeftOut.Select(f => f.Message)));
        section.Details("Differences between laws, with intervals", details => details.Table(Differences(comparison)));
        if (input.SeparateLeaveOneOut is null) return;
        section.Subheading("Do the runs determine the parameters?")
            .Paragraph(
                "Each point is a fit without one run. Where the points of a law lie along a line, the runs fix a "
                + "combination of the two parameters and not each of them: the numbers of such a law should not be "
                + "compared between optimizers.")
            .Table(Correlations(input))
            .Pair(pair => pair.Figure(CloudFigures.Parameters(input, styles))
                .Figure(CloudFigures.Tokens(input, styles)));
    }

    private static ReportTable Errors(ComparisonResult comparison)
    {
        var table = new ReportTable(
        [
            ReportTable.Words("law"), ReportTable.Numbers("free"), ReportTable.Numbers("AICc"),
            .. comparison.Protocols.Select(p => ReportTable.Numbers(p.Words())),
        ])
        { Caption = "Mean squared error, and mean relative error in brackets, over all optimizers" };
        foreach (var law in comparison.Laws)
        {
            table.Add(
                [law.Law, $"{law.FreeParameters}", Say.Fixed(law.Aicc, 1),
                    .. comparison.Protocols.Select(p => law[p].Pooled is { } error
                ? $"{Say.Power(error.MeanSquaredError)} ({Say.Percent(error.MeanRelativeError, 2)})" : Say.None)]);
        }
        return table;
    }

    private static ReportTable Differences(ComparisonResult comparison)
    {
        var table = new ReportTable(
            ReportTable.Words("held out"), ReportTable.Words("law"), ReportTable.Words("against"),
            ReportTable.Numbers("MSE"), ReportTable.Numbers("its MSE"),
            ReportTable.Numbers("interval of the difference"), ReportTable.Numbers("draws in favour"));
        foreach (var pair in comparison.Differences)
        {
            table.Add(new ReportRow(
                [
                    pair.Protocol.Words(), pair.Law, pair.Other, Say.Power(pair.MeanSquaredError),
                    Say.Power(pair.OtherMeanSquaredError),
                    $"{Say.Power(pair.Low)} to {Say.Power(pair.High)}", Say.Percent(pair.ProbabilityBetter),
                ],
                IsMuted: pair.Low <= 0 && pair.High >= 0));
        }
        return table;
    }

    private static ReportTable Correlations(ReportInput input)
    {
        var table = new ReportTable(
            ReportTable.Words("law"), ReportTable.Words("optimizer"), ReportTable.Numbers("corr(log A, α)"),
            ReportTable.Numbers("corr(log B, β)"),
            ReportTable.Numbers("range of α"), ReportTable.Numbers("range of β"));
        var shared = input.SharedLeaveOneOut?.Summary.Where(s => s.Optimizer == input.Reference) ?? [];
        foreach (var (law, summary) in input.SeparateLeaveOneOut!.Summary.Select(s => ("per-optimizer", s))
                .Concat(shared.Select(s => ("shared", s))))
            table.Add(law, law == "shared" ? "all" : summary.Optimizer, Say.Fixed(summary.CorrelationAAlpha, 3),
                Say.Fixed(summary.CorrelationBBeta, 3), Range(summary, "alpha"), Range(summary, "beta"));
        return table;
    }

    private static string Range(LeaveOneOutSummary summary, string parameter)
        => summary.Spread.FirstOrDefault(s => s.Parameter == parameter) is { } spread
            ? Say.Interval(spread.Lowest, spread.Highest)
            : Say.None;
}
