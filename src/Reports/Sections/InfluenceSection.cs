using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Reports.Page;

namespace PretrainBench.Reports.Sections;

/// <summary>What single runs and choices of method do to the numbers.</summary>
internal static class InfluenceSection
{
    public static void Add(HtmlPage page, ReportInput input)
    {
        if (input.Influence is not { } influence) return;
        var section = page.Section("What moves the numbers", "influence");
        section.Paragraph(
            "A number that changes much with one run, or with the way of fitting, is not yet known "
                + "to the digits that its fit prints.");
        var shared = input.Main == input.Shared;
        var points = new ReportTable(
            ReportTable.Words("parameter"), ReportTable.Words("optimizer"), ReportTable.Words("run"),
            ReportTable.Numbers("with all"), ReportTable.Numbers("without it"))
        {
            Caption = "The single run that moves each parameter most",
        };
        foreach (var group in influence.Points.GroupBy(
                p => (p.Parameter, Whose: shared && !IsRho(p.Parameter) ? "all" : p.Optimizer)))
        {
            var point = group.First();
            var full = input.Main![point.Optimizer][point.Parameter];
            points.Add(FitSection.Symbol(point.Parameter), group.Key.Whose, Named(input, point.Run), Say.Three(full),
                Say.Three(full - point.Change));
        }
        section.Table(points);
        section.Table(Alternatives(input, [.. influence.Solvers, .. influence.ParameterCounts]));
    }

    private static ReportTable Alternatives(ReportInput input, List<AlternativeFit> fits)
    {
        var rhos = input.Main == input.Shared
            ? input.Main!.Parameters.Where(p => p.Optimizer != input.Reference).Select(p => p.Optimizer).ToList()
            : [];
        var table = new ReportTable(
        [
            ReportTable.Words("fitted by"), ReportTable.Words("optimizer"), ReportTable.Numbers("E"),
            ReportTable.Numbers("α"), ReportTable.Numbers("β"),
            ReportTable.Numbers("ρN"), ReportTable.Numbers("ρD"), ReportTable.Numbers("relative error"),
        ])
        { Caption = "The same law by other solvers and other ways of counting parameters" };
        foreach (var fit in fits)
        {
            foreach (var own in fit.Parameters.Where(p => rhos.Count == 0 || rhos.Contains(p.Optimizer)))
                table.Add(fit.Choice, own.Optimizer, Say.Digits(own.E, 4), Say.Digits(own.Alpha, 4),
                    Say.Digits(own.Beta, 4), Say.Three(own.RhoN), Say.Three(own.RhoD),
                    Say.Percent(fit.MeanRelativeError, 3));
        }
        return table;
    }

    // A run without a name of its own is told by what it is.
    private static string Named(ReportInput input, string label)
    {
        var row = input.Table.Rows.FirstOrDefault(r => r.Label == label);
        return row is null || row.Run.Length > 0
            ? label
            : $"{row.Optimizer} {Say.Size(row)}, {Say.Count(row.D)} tokens";
    }

    private static bool IsRho(string parameter) => parameter.StartsWith("rho", StringComparison.Ordinal);
}
