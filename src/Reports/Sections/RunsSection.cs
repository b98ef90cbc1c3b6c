using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Tables;
using PretrainBench.Core.Runs;
using PretrainBench.Reports.Page;

namespace PretrainBench.Reports.Sections;

/// <summary>The runs themselves: final losses, what was left out and why, and how losses fell.</summary>
internal static class RunsSection
{
    public static void Add(HtmlPage page, ReportInput input, OptimizerStyles styles)
    {
        var section = page.Section("The runs", "runs");
        var table = input.Table;
        section.Paragraph(
            $"{table.Rows.Count} runs of {Say.List(styles.Order)} at {table.Sizes.Count} "
            + $"size{(table.Sizes.Count == 1 ? "" : "s")}, "
            + $"{Say.Count(table.Rows.Min(r => r.N))} to {Say.Count(table.Rows.Max(r => r.N))} parameters, "
            + $"{Say.Count(table.Rows.Min(r => r.D))} to {Say.Count(table.Rows.Max(r => r.D))} tokens"
            + (table.Excluded.Count > 0 ? $"; {table.Excluded.Count} more were left out." : "; none were left out."));
        section.Table(Losses(input, styles));
        if (table.Excluded.Count > 0) section.Table(LeftOut(table));
        section.Table(AllRuns(table));

        if (input.Ladders.Count > 0)
            section.Figure(LadderFigures.Of(input, styles),
                "Rings mark the rates chosen; a ring at an end of its line means that the best rate may lie beyond.");
        var curves = CurveFigures.Of(input, styles);
        if (curves.Count > 0)
        {
            section.Subheading("Loss while training")
                .Note("Only the ends of these curves are compared and fitted: rankings "
                    + "change while the learning rate decays.")
                .Pair(pair => curves.ToList().ForEach(chart => pair.Figure(chart)));
        }
    }

    // One row for each size and number of tokens, one column for each optimizer; the lowest loss is marked.
    private static ReportTable Losses(ReportInput input, OptimizerStyles styles)
    {
        List<ReportColumn> columns = [ReportTable.Words("size"), ReportTable.Numbers("N"),
            ReportTable.Numbers("tokens D"), ReportTable.Numbers("D/N")];
        columns.AddRange(styles.Order.Select(ReportTable.Numbers));
        var compared = input.Cells.Count > 0;
        if (compared) columns.Add(ReportTable.Numbers($"best − {input.Reference}"));
        var table = new ReportTable([.. columns])
        {
            Caption = "Final loss in nats per token"
                + (input.Table.Rows.GroupBy(r => (r.N, r.D, r.Optimizer)).Any(g => g.Count() > 1)
                    ? ", mean over seeds (number of seeds)"
                    : ""),
        };
        foreach (var cell in input.Table.Rows.GroupBy(row => (row.N, row.D)).OrderBy(g => g.Key.N).ThenBy(g => g.Key.D))
        {
            var first = cell.First();
            List<string> cells =
                [Say.Size(first), Say.Count(first.N), Say.Count(first.D), Say.Ratio(first.D / first.N)];
            cells.AddRange(styles.Order.Select(name => Mean([.. cell.Where(row => row.Optimizer == name)])));
            if (compared) cells.Add(BestOf(input, first));
            table.Add([.. cells]);
        }
        return table;
    }

    private static string Mean(List<RunRow> rows) => rows.Count == 0 ? Say.None
        : Say.Loss(rows.Average(row => row.Loss)) + (rows.Count > 1 ? $" ({rows.Count})" : "");

    private static string BestOf(ReportInput input, RunRow cell)
    {
        var best = input.Cells.Where(c => c.N == cell.N && c.D == cell.D).MinBy(c => c.Difference);
        if (best is null) return Say.None;
        var name = input.Table.Optimizers.Count > 2 ? best.Optimizer + " " : "";
        return name + Say.Signed(best.Difference, 4) + (best.Outcome switch
        {
            CellOutcome.Tie => " tie",
            CellOutcome.Unmeasured => " ?",
            _ => "",
        });
    }

    private static ReportTable LeftOut(RunTable table)
    {
        var left = new ReportTable(ReportTable.Words("run"), ReportTable.Words("optimizer"), ReportTable.Words("why"),
            ReportTable.Words("where"))
        {
            Caption = "Left out of every fit",
        };
        foreach (var row in table.Excluded)
        {
            left.Add(new ReportRow(
                [row.Run.Length > 0 ? row.Run : Say.None, row.Optimizer.Length > 0 ? row.Optimizer : Say.None,
                    row.Reason, $"{Path.GetFileName(row.File)}:{row.Line}"],
                IsMuted: true));
        }
        return left;
    }

    private static ReportTable AllRuns(RunTable table)
    {
        (string Header, Func<RunRow, string?> Cell)[] optional =
        [
            ("bits/byte", row => row.BitsPerByte is { } bits ? Say.Fixed(bits, 4) : null),
            ("learning rate", row => row.LearningRate is { } rate ? Say.Three(rate) : null),
            ("batch tokens", row => row.BatchTokens is { } batch ? Say.Count(batch) : null),
            ("seed", row => row.Seed?.ToString(System.Globalization.CultureInfo.InvariantCulture)),
            ("FLOPs", row => row.Flops is { } flops ? Say.Three(flops) : null),
            ("hours", row => row.Seconds is { } seconds ? Say.Three(seconds / 3600) : null),
        ];
        var shown = optional.Where(column => table.Rows.Any(row => column.Cell(row) is not null)).ToList();
        var all = new ReportTable(
        [
            ReportTable.Words("run"), ReportTable.Words("optimizer"), ReportTable.Words("size"),
            ReportTable.Numbers("N"), ReportTable.Numbers("D"),
            ReportTable.Numbers("nats/token"), .. shown.Select(column => ReportTable.Numbers(column.Header)),
        ])
        { Caption = "All runs" };
        foreach (var row in table.Rows.OrderBy(row => row.Optimizer, StringComparer.Ordinal).ThenBy(row => row.N)
                .ThenBy(row => row.D))
            all.Add([row.Label, row.Optimizer, Say.Size(row), Say.Count(row.N), Say.Count(row.D), Say.Loss(row.Loss),
                .. shown.Select(column => column.Cell(row) ?? Say.None)]);
        return all;
    }
}
