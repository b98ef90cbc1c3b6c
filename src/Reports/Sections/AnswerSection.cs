using PretrainBench.Analysis;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Reports.Page;

namespace PretrainBench.Reports.Sections;

/// <summary>The answer, and the two charts that carry it.</summary>
internal static class AnswerSection
{
    public static void Add(HtmlPage page, ReportInput input, OptimizerStyles styles)
    {
        var verdict = Verdict.Of(input);
        page.Lead.Answer(verdict.Headline).List(verdict.Sentences.Select(HtmlText.Plain));
        var unfair = input.Findings.Count(finding => finding.Severity == Severity.Unfair);
        if (unfair > 0)
        {
            page.Lead.Warning(HtmlText.Strong("Not a fair comparison as it stands: ")
                + string.Join(" ", input.Findings.Where(f => f.Severity == Severity.Unfair).Select(f => f.Message)));
        }
        foreach (var finding in input.Findings.Where(finding => finding.Code == "undetermined"))
            page.Lead.Warning(finding.Message);
        List<ResidualCheck> poor = [.. input.Checks.Where(check => check.IsPoor)];
        if (poor.Count > 0)
            page.Lead.Note($"The {input.Main!.Law} law does not fit like noise: "
                + string.Join("; ", poor.Select(check => check.Statement)) + ".");
        if (input.Advantages.Count == 0) return;
        page.Lead.Pair(pair =>
        {
            var ratio = input.Advantages[0].D / input.Advantages[0].N;
            pair.Figure(AdvantageFigures.OverSize(input, styles),
                $"At {Say.Count(ratio)} tokens per parameter, by the {input.Main!.Law} law; bands are "
                + $"{Say.Percent(input.Bootstrap!.Confidence)} intervals by bootstrap "
                + $"over {AdvantageFigures.Words(input)}."
                + (input.SpeedUps.Count > 0 ? " Crosses are the sizes one by one, without a law across them." : ""));
            if (AdvantageFigures.Efficiencies(input) is { } efficiencies)
                pair.Figure(efficiencies, "Both count inside the law; what they save together is in the chart beside.");
        });
        page.Lead.Details("These numbers as a table", details => details.Table(Table(input)));
    }

    private static ReportTable Table(ReportInput input)
    {
        var timed = input.Advantages.Any(a => a.TimeShare is not null);
        List<ReportColumn> columns =
        [
            ReportTable.Words("optimizer"), ReportTable.Numbers("N"), ReportTable.Numbers("D"),
            ReportTable.Numbers($"tokens, {input.Reference} = 1"),
            ReportTable.Numbers("interval"), ReportTable.Numbers("speed-up"),
        ];
        if (timed) columns.Add(ReportTable.Numbers($"time, {input.Reference} = 1"));
        var table = new ReportTable([.. columns]) { Caption = "Tokens needed for the same loss" };
        foreach (var a in input.Advantages.Where(a => !a.IsExtrapolated))
        {
            List<string> cells =
            [
                a.Optimizer, Say.Count(a.N), Say.Count(a.D), Say.Fixed(a.Share, 3),
                $"{Say.Fixed(a.Low, 3)} to {Say.Fixed(a.High, 3)}", Say.Fixed(a.SpeedUp, 2) + "×",
            ];
            if (timed) cells.Add(a.TimeShare is { } share ? Say.Fixed(share, 3) : Say.None);
            table.Add(new ReportRow(cells, IsMuted: !a.IsResolved));
        }
        return table;
    }
}
