using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Core.Runs;
using PretrainBench.Reports.Page;

namespace PretrainBench.Reports;

/// <summary>The answer as a table: a row for each optimizer, what it needs beside the reference, and what that rests
/// on.</summary>
public static class Overview
{
    /// <summary>The table, for pages and terminals.</summary>
    public static ReportTable Table(ReportInput input)
    {
        var last = Last(input);
        var (hasLaw, isTimed) = (last.Count > 0, last.Values.Any(a => a.TimeShare is not null));
        var place = hasLaw ? last.Values.MaxBy(a => a.N)! : null;
        var reference = OptimizerNames.Of(input.Reference);
        List<ReportColumn> columns = [ReportTable.Words("optimizer")];
        columns.Add(ReportTable.Numbers(hasLaw ? "tokens" : "loss, nats"));
        if (isTimed) columns.Add(ReportTable.Numbers("time"));
        columns.AddRange([ReportTable.Numbers("won / tied / lost"), ReportTable.Numbers("trained, N"),
            ReportTable.Words("rate inside ladder"), ReportTable.Numbers("seeds a cell")]);
        var table = new ReportTable([.. columns])
        {
            Caption = (place is not null
                ? $"The same loss beside {reference} at {Say.Count(place.N)} parameters (or as said), "
                    + $"{Say.Ratio(place.D / place.N)} tokens for each; {Say.Percent(place.Confidence)} intervals"
                : $"Mean final loss beside {reference}'s over equal cells, with its interval")
                + (input.Noise is null ? "" : "; tied: a difference that luck alone reaches in 5 % of cases")
                + (last.Values.Any(a => !a.IsResolved) ? $"; grey: the interval holds {reference}'s own cost" : ""),
        };
        foreach (var name in Order(input, last))
        {
            var runs = input.Table.Rows.Where(row => row.Optimizer == name).ToList();
            var own = last.GetValueOrDefault(name);
            var proper = OptimizerNames.Of(name);
            List<string> cells = [input.Table.Optimizers.Count(other => OptimizerNames.Of(other) == proper) > 1
                ? $"{proper} ({name})" : proper];
            cells.Add(name == input.Reference ? "reference" : hasLaw ? Tokens(own, place!.N) : Losses(input, name));
            if (isTimed) cells.Add(own?.RelativeTimePerToken is { } time
                ? Cost(own.Share * time, own.Low * time, own.High * time) : Say.None);
            cells.AddRange([Cells(input, name), Range(runs), Inside(runs), Seeds(runs)]);
            table.Add(new ReportRow(cells, IsMuted: own is { IsResolved: false }, IsStrong: name == input.Reference));
        }
        return table;
    }

    /// <summary>Each optimizer's saving at the largest size that it and the reference were trained at.</summary>
    private static Dictionary<string, TokenAdvantage> Last(ReportInput input)
        => input.Advantages.Where(a => !a.IsExtrapolated).GroupBy(a => a.Optimizer)
            .ToDictionary(own => own.Key, own => own.Last());

    private static IEnumerable<string> Order(ReportInput input, Dictionary<string, TokenAdvantage> last)
        => input.Table.Optimizers.OrderBy(name => name == input.Reference ? 0 : 1)
            .ThenBy(name => last.GetValueOrDefault(name)?.Share ?? double.PositiveInfinity)
            .ThenBy(name => SummaryOf(input, name)?.Difference ?? double.PositiveInfinity)
            .ThenBy(name => name, StringComparer.Ordinal);

    private static CellSummary? SummaryOf(ReportInput input, string name)
        => input.CellSummaries.FirstOrDefault(own => own.Optimizer == name);

    private static string Tokens(TokenAdvantage? own, double place) => own is null ? Say.None
        : Cost(own.Share, own.Low, own.High) + (own.N < place ? $" at {Say.Count(own.N)}" : "");

    // "−15 % (−19 to −12)": one unit for tokens and time.
    private static string Cost(double share, double low, double high)
        => $"{Say.Signed(100 * (share - 1), 0)}\u00a0% ({Say.Signed(100 * (low - 1), 0)} to "
            + $"{Say.Signed(100 * (high - 1), 0)})";

    private static string Losses(ReportInput input, string name) => SummaryOf(input, name) is not { } own ? Say.None
        : Say.Signed(own.Difference, 4)
            + (double.IsFinite(own.HalfWidth) ? $" ± {Say.Fixed(own.HalfWidth, 4)}" : "");

    private static string Cells(ReportInput input, string name) => SummaryOf(input, name) is not { } own ? Say.None
        : input.Noise is null ? "unknown" : $"{own.Better} / {own.Ties} / {own.Worse}";

    private static string Range(List<RunRow> runs)
    {
        var (low, high) = (Say.Count(runs.Min(row => row.N)), Say.Count(runs.Max(row => row.N)));
        return low == high ? low : $"{low} to {high}";
    }

    private static string Inside(List<RunRow> runs) => runs.Any(row => row.LearningRateOnEdge == true) ? "no"
        : runs.All(row => row.LearningRateOnEdge == false) ? "yes" : "unknown";

    // Of a cell: the fewest and the most.
    private static string Seeds(List<RunRow> runs)
    {
        if (runs.All(row => row.Seed is null)) return "unknown";
        var seeds = runs.GroupBy(row => (row.Size, row.N, row.D))
            .Select(cell => cell.Select(row => row.Seed).Distinct().Count()).Order().ToList();
        return seeds[0] == seeds[^1] ? $"{seeds[0]}" : $"{seeds[0]} to {seeds[^1]}";
    }
}
