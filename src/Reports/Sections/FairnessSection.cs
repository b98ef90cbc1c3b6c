using PretrainBench.Analysis;
using PretrainBench.Reports.Page;

namespace PretrainBench.Reports.Sections;

/// <summary>Whether the comparison is fair, and what else a reader must know before believing it.</summary>
internal static class FairnessSection
{
    public static void Add(HtmlPage page, ReportInput input)
    {
        var section = page.Section("Is the comparison fair?", "fairness");
        if (input.Findings.Count == 0)
        {
            section.Paragraph(
                "Every check passed: equal tuning, best learning rates inside their sweeps, the same cells, "
                    + "batches and data, final losses only.");
            return;
        }
        section.Paragraph(input.Findings.Any(f => f.Severity == Severity.Unfair)
            ? "Some rules of a fair comparison are broken; what follows is shown, and "
                + "should not be quoted without them."
            : "No rule of a fair comparison is seen to be broken, as far as the table "
                + "tells. What a reader should know:");
        section.List(input.Findings.GroupBy(f => (f.Severity, f.Code)).OrderByDescending(kind => kind.Key.Severity)
            .Select(kind => Label(kind.Key.Severity) + " " + string.Join(" ", kind.Select(f => f.Message))));
    }

    private static HtmlText Label(Severity severity) => HtmlText.Strong(severity switch
    {
        Severity.Unfair => "Unfair.",
        Severity.Warning => "Warning.",
        _ => "Note.",
    });
}
