using PretrainBench.Analysis.Solvers;
using PretrainBench.Analysis.Uncertainty;
using PretrainBench.Reports.Page;

namespace PretrainBench.Reports.Sections;

/// <summary>The law, its parameters with intervals, its lines through the runs, and its residuals.</summary>
internal static class FitSection
{
    public static void Add(HtmlPage page, ReportInput input, OptimizerStyles styles)
    {
        var section = page.Section("The law", "law");
        if (input.Main is not { } fit)
        {
            section.Warning("No law could be fitted. "
                + string.Join(" ",
                    input.Findings.Where(f => f.Code is "no-shared-law" or "no-separate-law").Select(f => f.Message)))
                .Note("Lines in the charts join the runs.");
            Figures(section, input, styles);
            return;
        }
        section.Paragraph(fit == input.Shared
            ? "Optimizers share the floor E and the exponents α and β, and differ in how far a parameter (ρN) and a "
                + $"token (ρD) go; {fit.Reference} is 1."
            : "Each optimizer has its own floor and exponents; the shared law could not be "
                + "fitted or there is only one optimizer.");
        section.Formula(fit == input.Shared ? "L = E + A/(ρ_N N)^α + B/(ρ_D D)^β" : "L = E + A/N^α + B/D^β");
        section.Table(Parameters(input, fit));
        if (input.Bootstrap is not null)
            section.Note("By bootstrap: the law refitted to noise drawn as the residuals tell it, with the part that "
                + "the runs of a cell share. "
                + (input.Profiles.Count == 0 ? "" : "By profile: the ρ at which everything else still fits nearly as "
                    + "well, every residual taken as independent. Where they disagree, the wider one is the safer. ")
                + $"No standard error stands where the interval spans a factor of {Determination.Widest} or more: the "
                + "runs do not determine that number.");
        section.Note(
            $"{fit.Runs} runs, {fit.FreeParameters} free parameters, residual deviation "
            + $"{Say.Three(1000 * fit.Quality.ResidualDeviation)} thousandths of a nat, "
            + $"mean relative error {Say.Percent(fit.Quality.MeanRelativeError, 2)}, R² "
            + $"{Say.Fixed(fit.Quality.RSquared, 5)}.");
        section.List(input.Checks.Select(check
            => HtmlText.Plain($"{(check.IsPoor ? "Against the law" : "Passed")}: {check.Statement}.")));
        if (AdvantageFigures.Efficiencies(input) is { } efficiencies)
            section.Figure(efficiencies, "Both count inside the law; what they save together is in the first picture.");
        Figures(section, input, styles);
        section.Pair(pair => pair.Figure(LossFigures.Residuals(fit, styles, againstTokens: true))
            .Figure(LossFigures.Residuals(fit, styles, againstTokens: false)));
    }

    private static void Figures(HtmlSection section, ReportInput input, OptimizerStyles styles)
        => section.Pair(pair => pair
            .Figure(LossFigures.AgainstTokens(input, styles),
                input.Main is null ? "Labels name the size." : "Points are runs, lines the law; labels name the size.")
            .Figure(LossFigures.AgainstParameters(input, styles), "Labels give tokens per parameter."));

    private static ReportTable Parameters(ReportInput input, LawFit fit)
    {
        var confidence = Say.Percent(input.Bootstrap?.Confidence ?? BootstrapOptions.DefaultConfidence);
        var profiled = fit == input.Shared && input.Profiles.Count > 0;
        List<ReportColumn> columns =
        [
            ReportTable.Words("parameter"), ReportTable.Words("optimizer"), ReportTable.Numbers("estimate"),
            ReportTable.Numbers("standard error"),
            ReportTable.Numbers($"{confidence} by bootstrap"),
        ];
        if (profiled) columns.Add(ReportTable.Numbers($"{confidence} by profile"));
        var table = new ReportTable([.. columns]);
        foreach (var (name, optimizer, value) in Listed(input, fit))
        {
            var interval = input.Bootstrap?.Find(optimizer, name);
            var profile = input.Profiles.FirstOrDefault(p => p.Optimizer == optimizer && p.Parameter == name);
            List<string> cells =
            [
                Symbol(name), IsCommon(input, fit, name) ? "all" : optimizer, Say.Digits(value, 4),
                interval is not null && Determination.IsDetermined(interval, input.Bootstrap!)
                    ? Say.Three(interval.StandardError) : Say.None,
                interval is null ? Say.None : Say.Interval(interval.Low, interval.High),
            ];
            if (profiled) cells.Add(profile is null ? Say.None : Say.Interval(profile.Low, profile.High));
            table.Add(new ReportRow(cells, IsStrong: name.StartsWith("rho", StringComparison.Ordinal)));
        }
        return table;
    }

    private static IEnumerable<(string Name, string Optimizer, double Value)> Listed(ReportInput input, LawFit fit)
    {
        foreach (var (name, valueOf) in OptimizerParameters.All)
        {
            foreach (var own in fit.Parameters.Where(p => IsCommon(input, fit, name)
                    ? p.Optimizer == fit.Reference
                    : true))
            {
                var isFixed = name.StartsWith("rho", StringComparison.Ordinal) && own.Optimizer == fit.Reference;
                if (double.IsFinite(valueOf(own)) && !isFixed) yield return (name, own.Optimizer, valueOf(own));
            }
        }
    }

    private static bool IsCommon(ReportInput input, LawFit fit, string name)
        => fit == input.Shared && !name.StartsWith("rho", StringComparison.Ordinal);

    internal static string Symbol(string name) => name switch
    {
        "alpha" => "α",
        "beta" => "β",
        "rhoN" => "ρN",
        "rhoD" => "ρD",
        "rhoC" => "ρC",
        _ => name,
    };
}
