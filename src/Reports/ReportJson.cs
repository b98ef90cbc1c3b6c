using PretrainBench.Analysis;

namespace PretrainBench.Reports;

/// <summary>Writes the content of a report as JSON: names as in every result (see <see cref="AnalysisJson"/>), the
/// verdict first.</summary>
public static class ReportJson
{
    /// <summary>Version of the names; it grows when one changes or goes.</summary>
    public const int FormatVersion = 2;

    /// <summary>The report as JSON.</summary>
    public static string Write(ReportInput input)
    {
        return AnalysisJson.Write(new Document(FormatVersion, Verdict.Of(input), input));
    }

    private sealed record Document(int FormatVersion, Verdict Verdict, ReportInput Report);
}
