using PretrainBench.Analysis.Comparison;
using PretrainBench.Reports.Page;

namespace PretrainBench.Reports.Sections;

/// <summary>What each optimizer stands for, what was held fixed, and where everything came from.</summary>
internal static class SettingsSection
{
    public static void Add(HtmlPage page, ReportInput input)
    {
        var section = page.Section("Settings and origin", "settings");
        if (input.Settings is not { } settings)
            section.Paragraph(
                "The table came without the configuration of its runs: which rule each optimizer applies to which "
                    + "parameters, and what was held fixed, is not known here.");
        else Add(section, settings);
        section.Subheading("Origin").Table(Pairs("what", "where from",
        [
            new("tables", string.Join(", ", input.Table.Sources.Select(source => Path.GetFileName(source)))),
            .. input.Table.Columns.OrderBy(c => c.Key, StringComparer.Ordinal).Where(c => c.Key != c.Value)
                .Select(c => new NamedValue($"column {c.Key}", c.Value)),
            .. input.Lineage,
        ]));
    }

    private static void Add(HtmlSection section, ReportSettings settings)
    {
        if (settings.Optimizers.Count > 0)
        {
            List<string> roles = [.. settings.Optimizers.SelectMany(o => o.Rules).Select(rule => rule.Role).Distinct()];
            var rules = new ReportTable([ReportTable.Words("optimizer"), .. roles.Select(ReportTable.Words)])
            {
                Caption = "What each optimizer does to which parameters",
            };
            foreach (var optimizer in settings.Optimizers)
                rules.Add(
                    [optimizer.Optimizer,
                        .. roles.Select(role => optimizer.Rules.FirstOrDefault(rule => rule.Role == role)?.Rule
                            ?? Say.None)]);
            section.Table(rules);
        }
        if (settings.Differences.Count > 0)
        {
            List<string> names = [.. settings.Differences.SelectMany(d => d.Values).Select(v => v.Name).Distinct()];
            var differences = new ReportTable([ReportTable.Words("setting"), .. names.Select(ReportTable.Words)])
            {
                Caption = "What differs between optimizers besides the rule",
            };
            foreach (var difference in settings.Differences)
                differences.Add([difference.Name, .. names.Select(name => Value(difference, name))]);
            section.Table(differences);
        }
        if (settings.ByCell.Count > 0)
            section.Details($"Varied from cell to cell, for every optimizer alike ({settings.ByCell.Count})",
                d => d.Table(Pairs("setting", "values", settings.ByCell)));
        if (settings.HeldFixed.Count > 0)
            section.Details($"Held fixed in every run ({settings.HeldFixed.Count})",
                d => d.Table(Pairs("setting", "value", settings.HeldFixed)));
    }

    private static string Value(SettingDifference difference, string optimizer)
        => difference.Values.FirstOrDefault(value => value.Name == optimizer)?.Value is { Length: > 0 } value
            ? value
            : Say.None;

    private static ReportTable Pairs(string name, string value, IReadOnlyList<NamedValue> pairs)
    {
        var table = new ReportTable(ReportTable.Words(name), ReportTable.Words(value));
        foreach (var pair in pairs) table.Add(pair.Name, pair.Value);
        return table;
    }
}
