using PretrainBench.Reports.Page;

namespace PretrainBench.Reports.Sections;

/// <summary>The first screen: the answer, whether to trust it, one table, one picture.</summary>
internal static class AnswerSection
{
    public static void Add(HtmlPage page, ReportInput input, OptimizerStyles styles)
    {
        var verdict = Verdict.Of(input);
        page.Lead.Beside(beside => beside.Answer(verdict.Headline).List(verdict.Trust.Select(
            (doubt, i) => i > 0 ? doubt : HtmlText.Strong("May it be trusted? ") + doubt)));
        if (input.Table.Optimizers.Count > 1)
        {
            var table = Overview.Table(input);
            if (input.Advantages.Count > 0)
                page.Lead.Beside(beside => beside.Table(table).Figure(AdvantageFigures.OverSize(input, styles),
                    $"{Say.Ratio(input.Advantages[0].D / input.Advantages[0].N)} tokens per parameter, by the "
                    + $"{input.Read!.Law} law; dotted where not trained"
                    + (input.SpeedUps.Count > 0 ? "; crosses are single sizes without a law." : ".")));
            else if (DifferenceFigures.OverCells(input, styles) is { } differences)
                page.Lead.Beside(beside => beside.Table(table).Figure(differences,
                    $"No law is determined: runs against runs of {OptimizerNames.Of(input.Reference)}"
                    + (input.Noise is null ? "; noise was not measured." : ", ties in the grey band.")));
            else page.Lead.Table(table);
        }
        if (verdict.Sentences.Count > 0)
            page.Lead.Details("What else follows, and what does not",
                details => details.List(verdict.Sentences.Select(HtmlText.Plain)));
        if (input.Advantages.Count > 0)
            page.Lead.Details("Savings at every size", details => details.Table(Table(input)));
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
