namespace PretrainBench.Reports.Page;

/// <summary>A column of a table.</summary>
/// <param name="Header">What stands at its head, with the unit.</param>
/// <param name="IsNumber">Whether its cells are numbers, which are set to the right.</param>
public sealed record ReportColumn(string Header, bool IsNumber = false);

/// <summary>A row of a table.</summary>
/// <param name="Cells">One text per column.</param>
/// <param name="IsMuted">Whether the row is shown pale: present, but not counted.</param>
public sealed record ReportRow(IReadOnlyList<string> Cells, bool IsMuted = false, bool IsStrong = false);

/// <summary>A table of texts, for pages (<see cref="HtmlSection.Table"/>) and terminals
/// (<see cref="TextTable"/>).</summary>
public sealed class ReportTable
{
    private readonly List<ReportRow> _rows = [];

    /// <summary>Creates a table without rows.</summary>
    public ReportTable(params ReportColumn[] columns) => Columns = columns;

    /// <summary>What the table shows; nothing when null.</summary>
    public string? Caption { get; init; }

    public IReadOnlyList<ReportColumn> Columns { get; }

    /// <summary>The rows, in order.</summary>
    public IReadOnlyList<ReportRow> Rows => _rows;

    /// <summary>A column of words.</summary>
    /// <param name="header">What stands at its head.</param>
    public static ReportColumn Words(string header) => new(header);

    /// <summary>A column of numbers.</summary>
    /// <param name="header">What stands at its head, with the unit.</param>
    public static ReportColumn Numbers(string header) => new(header, IsNumber: true);

    /// <summary>Adds a row.</summary>
    /// <param name="cells">One text per column.</param>
    public ReportTable Add(params string[] cells) => Add(new ReportRow(cells));

    /// <summary>Adds a row.</summary>
    /// <exception cref="ArgumentException">The row has more or fewer cells than there are columns.</exception>
    public ReportTable Add(ReportRow row)
    {
        if (row.Cells.Count != Columns.Count)
            throw new ArgumentException($"A row of {row.Cells.Count} cells does not fit {Columns.Count} columns.",
                nameof(row));
        _rows.Add(row);
        return this;
    }
}
