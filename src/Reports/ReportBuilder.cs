using PretrainBench.Analysis;
using PretrainBench.Reports.Page;
using PretrainBench.Reports.Sections;

namespace PretrainBench.Reports;

/// <summary>Writes the report: the answer first, then what it rests on.</summary>
public static class ReportBuilder
{
    /// <summary>The report as one self-contained HTML file.</summary>
    /// <param name="input">What it shows; see <see cref="ReportAnalysis"/>.</param>
    public static string Build(ReportInput input) => PageOf(input).ToHtml();

    internal static HtmlPage PageOf(ReportInput input)
    {
        var page = new HtmlPage(input.Title)
        {
            Kicker = "PretrainBench report",
            Footer = "Written by PretrainBench. Every number of this page is in report.json under the same names.",
        };
        var styles = new OptimizerStyles(input);
        AnswerSection.Add(page, input, styles);
        FairnessSection.Add(page, input);
        RunsSection.Add(page, input, styles);
        FitSection.Add(page, input, styles);
        ComparisonSection.Add(page, input, styles);
        PlanSection.Add(page, input, styles);
        InfluenceSection.Add(page, input);
        SettingsSection.Add(page, input);
        MethodSection.Add(page, input);
        return page;
    }
}

/// <summary>Writes the content of a report as JSON: names as in every result (see <see cref="AnalysisJson"/>), the
/// verdict first.</summary>
public static class ReportJson
{
    /// <summary>Version of the names; it grows when one changes or goes.</summary>
    public const int FormatVersion = 2;

    public static string Write(ReportInput input)
    {
        return AnalysisJson.Write(new Document(FormatVersion, Verdict.Of(input), input));
    }

    private sealed record Document(int FormatVersion, Verdict Verdict, ReportInput Report);
}
