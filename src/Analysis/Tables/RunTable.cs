namespace PretrainBench.Analysis.Tables;

/// <summary>A row that does not enter a fit, and why: kept so that it can be shown.</summary>
/// <param name="Line">Its line, 1-based with the header as line 1; in Parquet, its row number.</param>
/// <param name="Run">The run's identity, or empty.</param>
/// <param name="Optimizer">The optimizer as written, or empty.</param>
/// <param name="Code">A stable word: diverged, failed, crashed, killed, running, not_final, missing, not_a_number,
/// not_positive, impossible, duplicate, not_best.</param>
/// <param name="Reason">The same in words, with the offending value.</param>
public sealed record ExcludedRow(string File, int Line, string Run, string Optimizer, string Code, string Reason);

/// <summary>The runs that laws are fitted to, with those that were left out.</summary>
public sealed record RunTable
{
    /// <summary>Rows that can be fitted, in the order of the files.</summary>
    public required IReadOnlyList<RunRow> Rows { get; init; }

    /// <summary>Rows that were left out, with reasons.</summary>
    public IReadOnlyList<ExcludedRow> Excluded { get; init; } = [];

    /// <summary>The table before <see cref="BestPerCell"/> chose from it; null where nothing was chosen.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public RunTable? BeforeChoice { get; init; }

    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Which column each quantity was read from, for the report.</summary>
    public IReadOnlyDictionary<string, string> Columns { get; init; } = new Dictionary<string, string>();

    /// <summary>What was found while reading: columns that might have been meant too, runs that are missing.</summary>
    [System.Text.Json.Serialization.JsonIgnore]
    public IReadOnlyList<Finding> Findings { get; init; } = [];

    /// <summary>The optimizers in ordinal order.</summary>
    public IReadOnlyList<string> Optimizers =>
        [.. Rows.Select(row => row.Optimizer).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];

    /// <summary>The size labels, smallest model first.</summary>
    public IReadOnlyList<string> Sizes =>
        [.. Rows.GroupBy(row => row.Size).OrderBy(size => size.Min(row => row.N)).Select(size => size.Key)];

    /// <summary>The same table with other rows, for subsets.</summary>
    /// <returns>A table with these rows and the same provenance.</returns>
    public RunTable With(IReadOnlyList<RunRow> rows) => this with { Rows = rows };

    /// <summary>Only the lowest loss of each optimizer, cell and seed: what a sweep over learning rates was for. The
    /// rest is listed in <see cref="Excluded"/>.</summary>
    public RunTable BestPerCell()
    {
        var cellOf = Cells.Of(Rows);
        var best = Enumerable.Range(0, Rows.Count)
            .GroupBy(i => (Rows[i].Optimizer, cellOf[i], Rows[i].Seed, Rows[i].DataSeed))
            .Select(cell => cell.MinBy(i => Rows[i].Loss)).ToHashSet();
        var left = Rows.Where((_, i) => !best.Contains(i)).Select(row => new ExcludedRow(row.File, row.Line, row.Run,
            row.Optimizer, "not_best", "another run of its optimizer, cell and seed ends lower"));
        return this with
        {
            Rows = [.. Rows.Where((_, i) => best.Contains(i))],
            Excluded = [.. Excluded, .. left],
            BeforeChoice = this,
        };
    }

    /// <summary>Only the named optimizers.</summary>
    /// <param name="optimizers">Names, matched without regard to case; all when empty.</param>
    /// <exception cref="Core.UserException">A name that no row has.</exception>
    public RunTable Select(IReadOnlyCollection<string> optimizers)
    {
        if (optimizers.Count == 0) return this;
        var unknown = optimizers.Where(name => !Optimizers.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList();
        if (unknown.Count > 0)
            throw new Core.UserException(
                $"No run of optimizer {string.Join(", ", unknown.Select(name => $"'{name}'"))} can be fitted; "
                + $"the table has {string.Join(", ", Optimizers)}{LeftOut()}.");
        return With([.. Rows.Where(row => optimizers.Contains(row.Optimizer, StringComparer.OrdinalIgnoreCase))]);
    }

    /// <summary>What makes the runs' losses mean nothing beside each other; null when nothing does.</summary>
    public Finding? Incomparable()
        => TableFindings.OfRows(this).FirstOrDefault(finding => TableFindings.Incomparable.Contains(finding.Code));

    /// <exception cref="Core.UserException">The runs' losses mean nothing beside each other.</exception>
    public void RequireComparable()
    {
        if (Incomparable() is { } finding)
            throw new Core.UserException($"these runs cannot be compared as they are. {finding.Message}");
    }

    /// <summary>A clause about the rows left out, for messages; empty when none were.</summary>
    internal string LeftOut() => Excluded.Count == 0 ? "" : $" ({Excluded.Count} rows were left out: "
        + string.Join(", ", Excluded.GroupBy(row => row.Code).Select(code => $"{code.Count()} {code.Key}")) + ")";
}
