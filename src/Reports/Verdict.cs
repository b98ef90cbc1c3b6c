using PretrainBench.Analysis;
using PretrainBench.Analysis.Comparison;
using PretrainBench.Analysis.Forecasting;

namespace PretrainBench.Reports;

/// <summary>The answer in words, every number of it from the results.</summary>
public sealed record Verdict
{
    /// <summary>The answer in one sentence, time and fairness considered.</summary>
    public required string Headline { get; init; }

    /// <summary>Whether it may be trusted, one line for each kind of doubt.</summary>
    public IReadOnlyList<string> Trust { get; init; } = [];

    /// <summary>What else follows, and what does not.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }

    /// <summary>Reads the answer off the results.</summary>
    public static Verdict Of(ReportInput input)
    {
        if (input.Table.Optimizers.Count < 2)
        {
            return new()
            {
                Headline = $"The table has one optimizer, {input.Reference}: there is nothing to compare it with.",
                Sentences = [
                    $"{input.Table.Rows.Count} runs follow, with what a law says about them where they suffice for "
                        + "one."],
            };
        }
        if (input.Table.Incomparable() is { } broken)
            return new() { Headline = $"These runs cannot be compared as they are. {broken.Message}", Sentences = [] };
        var measured = input.Advantages.Where(a => !a.IsExtrapolated).ToList();
        return measured.Count == 0 ? FromCells(input) : FromLaw(input, measured);
    }

    private static Verdict FromLaw(ReportInput input, List<TokenAdvantage> measured)
    {
        var largest = measured.Max(a => a.N);
        List<TokenAdvantage> there = [.. measured.Where(a => a.N == largest)];
        var best = there.Where(a => a.IsResolved && a.Share < 1).MinBy(a => a.Share) ?? there.MinBy(a => a.Share)!;
        var place = $"at {Say.Count(best.N)} parameters and {Say.Ratio(best.D / best.N)} tokens per parameter";
        var (own, reference) = (Name(best.Optimizer), Name(input.Reference));
        var headline = !best.IsResolved
            ? $"No optimizer is told apart from {reference} {place}: the nearest, {own}, needs {Tokens(best)} for the "
                + $"same loss{Time(best)}"
            : best.Share < 1
                ? $"{own} needs {Tokens(best)} than {reference} for the same loss {place}{Time(best)}"
                : $"{reference} is still the best of the optimizers tried: {place} {own} needs {Tokens(best)} for the "
                    + $"same loss{Time(best)}";
        return new()
        {
            Headline = headline + Unfair(input) + ".",
            Trust = Reports.Trust.Of(input, best),
            Sentences =
            [
                .. Absent(input, there), .. measured.GroupBy(a => a.Optimizer).Select(g => Trend(input, [.. g])),
                .. Measured(input), .. Limits(input), .. CellSentences(input),
            ],
        };
    }

    private static string Time(TokenAdvantage best) => best.TimeShare is not { } share
        ? "; training time was not recorded"
        : $", {(share < 1 == best.Share < 1 ? "and" : "but")} {Say.Percent(Math.Abs(1 - share))} "
            + $"{(share < 1 ? "less" : "more")} training time";

    private static string Unfair(ReportInput input)
        => input.Findings.Any(finding => finding.Severity == Severity.Unfair)
            ? ", in a comparison that is not fair as it stands" : "";

    // Optimizers that the headline's place says nothing about.
    private static IEnumerable<string> Absent(ReportInput input, List<TokenAdvantage> there)
    {
        List<string> absent =
            [.. input.Table.Optimizers.Where(name => name != input.Reference && there.All(a => a.Optimizer != name))];
        if (absent.Count > 0)
            yield return $"Nothing is said there about {Say.List(absent)}: not trained at that size, or not "
                + "determined by the runs.";
    }

    // "11 % fewer tokens (95 %: 9 to 13 %)".
    private static string Tokens(TokenAdvantage a)
    {
        var saves = a.Share <= 1;
        double low = saves ? 1 - a.High : a.Low - 1,
            high = saves ? 1 - a.Low : a.High - 1;
        // Two equal ends would look like a mistake where the interval is only narrow.
        var digits = high - low < 0.03 ? 1 : 0;
        string Share(double share) => Say.Percent(share, digits);
        var range = low < 0
            ? $"{Share(-low)} {(saves ? "more" : "fewer")} to {Share(high)} {(saves ? "fewer" : "more")}"
            : $"{Share(low)} to {Share(high)}";
        return $"{Say.Tokens(a.Share, digits)} ({Say.Percent(a.Confidence)}: {range})";
    }

    private static string Trend(ReportInput input, List<TokenAdvantage> sizes)
    {
        var (first, last) = (sizes[0], sizes[^1]);
        if (sizes.Count == 1)
            return $"{Name(first.Optimizer)} and {Name(input.Reference)} share one size with runs around "
                + $"{Say.Ratio(first.D / first.N)} tokens per parameter, so nothing can be said about other scales.";
        var trend = input.Trends.FirstOrDefault(trend => trend.Optimizer == first.Optimizer);
        var change = trend is not { IsResolved: true }
            ? $"The runs do not show that {first.Optimizer}'s advantage changes with size"
            : $"{Name(first.Optimizer)}'s advantage {(trend.Change > 0 ? "shrinks" : "grows")} with size";
        return $"{change}: {Tokens(first)} at {Say.Count(first.N)}, {Tokens(last)} at {Say.Count(last.N)}.";
    }

    // What the sizes say one by one, beside what the law says of them together.
    private static IEnumerable<string> Measured(ReportInput input)
    {
        foreach (var own in input.SpeedUps)
        {
            var sizes = own.Points.GroupBy(point => point.N).OrderBy(size => size.Key).ToList();
            string Range(IGrouping<double, SpeedUpPoint> size)
                => $"{Say.Fixed(size.Min(p => p.SpeedUp), 2)} to {Say.Fixed(size.Max(p => p.SpeedUp), 2)} times "
                    + $"{own.Optimizer}'s tokens at {Say.Size(size.First().Size, size.Key)}";
            yield return $"Size by size, without a law across sizes, {input.Reference} needs "
                + (sizes.Count == 1 ? Range(sizes[0]) : $"{Range(sizes[0])} and {Range(sizes[^1])}")
                + (own.Points.Any(point => point.Extrapolated)
                    ? $" (some read off beyond the {input.Reference} runs that were fitted)." : ".");
        }
    }

    private static IEnumerable<string> Limits(ReportInput input)
    {
        foreach (var group in input.Advantages.GroupBy(a => a.Optimizer)
            .Where(group => group.Any(a => !a.IsExtrapolated)))
        {
            var beyond = group.Where(a => a.IsExtrapolated).ToList();
            var last = group.Last(a => !a.IsExtrapolated);
            var lost = beyond.FirstOrDefault(a => !a.IsResolved || (a.Share < 1) != (last.Share < 1));
            var largest = last.N;
            if (!last.IsResolved || beyond.Count == 0) continue;
            yield return lost is null
                ? $"The law extrapolates {group.Key}'s difference as far as {Say.Count(beyond[^1].N)} parameters, "
                    + $"{Say.Digits(beyond[^1].N / largest, 2)} times the largest size "
                    + "trained, where nothing has checked it."
                : $"From about {Say.Count(lost.N)} parameters on, {Say.Digits(lost.N / largest, 2)} times the largest "
                    + $"size trained, the difference of {group.Key} is no longer resolved by these runs.";
        }
    }

    private static IEnumerable<string> CellSentences(ReportInput input)
        => input.CellSummaries.Select(own => input.Noise is null
            ? $"Run against run, {own.Optimizer} ends {Nats(own.Difference)} than {input.Reference} on average over "
                + $"{own.Cells} equal cells; without repeated seeds nobody knows how much of that is luck."
            : $"Run against run, {own.Optimizer} ends lower than {input.Reference} by more than "
                + $"{Threshold(input, own)} nats, as far as {input.Noise.Words} reaches, in {own.Better} of "
                + $"{own.Cells} equal cells and higher in {own.Worse}; "
                + $"on average {Nats(own.Difference)}, "
                + (own.IsResolved ? "which is no luck." : "which may be luck."));

    // The largest difference that counts as a tie in one of the optimizer's cells.
    private static string Threshold(ReportInput input, CellSummary own)
        => Say.Fixed(input.Cells.Where(cell => cell.Optimizer == own.Optimizer).Max(cell => cell.Threshold), 4);

    private static Verdict FromCells(ReportInput input)
    {
        var noLaw = input.Findings.Any(finding => finding.Code == "undetermined")
            ? "The runs do not determine a scaling law, so nothing is said about other scales or about what a "
                + "parameter or a token is worth."
            : input.Main is null
            ? "The runs do not support a scaling law yet, so nothing is said about other scales."
            : "The law that could be fitted does not show what tokens are worth, so nothing is said about other "
                + "scales.";
        if (input.CellSummaries.Count == 0)
            return new()
            {
                Headline =
                $"No optimizer was trained at the same size and tokens as {input.Reference}: nothing can be compared.",
                Sentences = ["No law is read either: it would compare sizes that no two of them share."],
            };
        var best = input.CellSummaries.FirstOrDefault(own => own.IsResolved && own.Difference < 0)
            ?? input.CellSummaries[0];
        var cells = $"on average over {best.Cells} equal cell{(best.Cells == 1 ? "" : "s")}";
        return new()
        {
            Headline = (best.IsResolved
                ? $"{Name(best.Optimizer)} ends {Nats(best.Difference)} than {Name(input.Reference)} {cells}"
                : $"No optimizer is told apart from {Name(input.Reference)}: the nearest, {Name(best.Optimizer)}, ends "
                    + $"{Nats(best.Difference)} {cells}, which may be luck") + Unfair(input) + ".",
            Trust = Reports.Trust.Of(input, null),
            Sentences = [noLaw, .. CellSentences(input)],
        };
    }

    private static string Nats(double difference) => Math.Round(difference, 4) == 0 ? "no lower"
        : $"{Say.Fixed(Math.Abs(difference), 4)} nats per token {(difference < 0 ? "lower" : "higher")}";

    private static string Name(string optimizer) => OptimizerNames.Of(optimizer);
}
