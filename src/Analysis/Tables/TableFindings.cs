namespace PretrainBench.Analysis.Tables;

/// <summary>What a reader must be told of runs, whatever law is fitted to them.</summary>
internal static class TableFindings
{
    /// <summary>Codes of findings with which losses mean nothing beside each other, whatever a law makes of
    /// them.</summary>
    public static readonly IReadOnlyList<string> Incomparable = ["mixed-corpora", "bits-against-nats", "several-rates"];

    /// <summary>Rows left out, and what is to be said of those that are left.</summary>
    public static IReadOnlyList<Finding> Of(RunTable table)
        => [.. By(LeftOut, table), .. OfRows(table)];

    /// <summary>Units that are hardly meant, and rows that do not belong together.</summary>
    public static IReadOnlyList<Finding> OfRows(RunTable table)
        => [.. By(TableUnits.Check, table), .. By(TableMixture.Check, table)];

    private static IEnumerable<Finding> By(Action<RunTable, List<Finding>> check, RunTable table)
    {
        var findings = new List<Finding>();
        check(table, findings);
        return findings.Select(finding => finding with { IsOfTable = true });
    }

    private static void LeftOut(RunTable table, List<Finding> findings)
    {
        findings.AddRange(table.Findings);
        if (table.Excluded.Count == 0) return;
        var reasons = table.Excluded.GroupBy(row => row.Code).Select(code => $"{code.Count()} {code.Key}");
        findings.Note("rows-left-out",
            $"{table.Excluded.Count} of {table.Excluded.Count + table.Rows.Count} rows "
            + $"{(table.Excluded.Count == 1 ? "was" : "were")} left out: {string.Join(", ", reasons)}.");
        if (table.Excluded.FirstOrDefault(row => row.Code == TableUnits.Impossible) is { } first)
            findings.Warn("impossible-values", $"{Path.GetFileName(first.File)}:{first.Line}: {first.Reason}.");
    }
}
