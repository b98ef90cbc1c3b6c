using PretrainBench.Analysis;
using PretrainBench.Analysis.Forecasting;
using PretrainBench.Core;

namespace PretrainBench.Cli.Shell;

/// <summary>A forecast in a screenful: what the runs do not determine first, then savings, losses, optima.</summary>
internal static class ForecastText
{
    private const int MostOfAKind = 3;

    public static string Of(ForecastResult result)
    {
        var findings = result.Findings.ToLookup(
            finding => finding.Code is "undetermined" or "form-rejected" or "other-form");
        string[] parts =
        [
            Lines(Folded(findings[true])), Savings(result), Losses(result), Average(result), Optima(result),
            Lines(result.Advantages.Select(advantage => advantage.Statement)) + Lines(Folded(findings[false])),
        ];
        return string.Join("\n", parts.Where(part => part.Length > 0));
    }

    private static IEnumerable<string> Folded(IEnumerable<Finding> findings)
        => findings.GroupBy(finding => finding.Code).SelectMany(kind => kind.Take(MostOfAKind).Select(FitText.Line)
            .Concat(kind.Count() <= MostOfAKind ? []
                : [$"and {kind.Count() - MostOfAKind} more like it (`--json` has them all)"]));

    private static string Lines(IEnumerable<string> lines) => string.Concat(lines.Select(line => line + "\n"));

    private static string Savings(ForecastResult result)
    {
        if (result.Savings.Count == 0) return "";
        string[] hours = result.Savings.Any(row => row.HoursSaved is not null) ? ["hours saved"] : [];
        return Tables.Render(
            ["optimizer", "N", "D", $"tokens {result.Savings[0].Over} needs", "FLOPs saved", .. hours,
                "beyond the runs", "told apart"],
            [.. result.Savings.Select(row => (IReadOnlyList<string>)
            [
                row.Optimizer, Quantity.Count(row.N), Quantity.Count(row.D), Interval(row.TokenFactor, Times),
                Interval(row.FlopsSaved, flops => flops.Scientific(2)),
                .. hours.Select(_ => row.HoursSaved is { } saved ? Interval(saved, value => value.Fixed(1)) : ""),
                Beyond(row.Beyond), row.IsResolved ? "yes" : "no",
            ])]);
    }

    private static string Losses(ForecastResult result) => result.Losses.Count == 0 ? "" : Tables.Render(
        ["optimizer", "N", "D", "loss", "low", "high", "beyond its runs", .. Mark(result)],
        [.. result.Losses.Select(row => (IReadOnlyList<string>)
        [
            row.Optimizer, Quantity.Count(row.N), Quantity.Count(row.D), row.Loss.Value.Fixed(4),
            row.Loss.Low.Fixed(4), row.Loss.High.Fixed(4), Beyond(row.Beyond),
            .. Mark(result).Select(_ => row.IsDetermined ? "" : "not determined"),
        ])]);

    private static string Average(ForecastResult result) => result.Average is not { Points.Count: > 0 } average ? ""
        : $"averaged over forms: {string.Join(", ", average.Forms.Select(form
            => $"{form.Law} {form.Weight.Percent(1)}"))}\n"
            + Tables.Render(["optimizer", "N", "D", "loss", "share of tokens"],
            [.. average.Points.Select(row => new[]
            {
                row.Optimizer, Quantity.Count(row.N), Quantity.Count(row.D), Interval(row.Loss, loss => loss.Fixed(4)),
                row.Share is { } share ? Interval(share, value => value.Fixed(2)) : "",
            })]);

    private static string Optima(ForecastResult result) => result.Optima.Count == 0 ? "" : Tables.Render(
        ["optimizer", "FLOPs", "best N", "best D", "loss", "beyond its runs"],
        [.. result.Optima.Select(row => (IReadOnlyList<string>)
        [
            row.Optimizer, row.C.Scientific(2), Interval(row.N, Quantity.Count), Interval(row.D, Quantity.Count),
            Interval(row.Loss, loss => loss.Fixed(4)), Beyond(row.Beyond),
        ])]);

    // One more column where some numbers need the mark.
    private static string[] Mark(ForecastResult result)
        => result.Losses.All(row => row.IsDetermined) ? [] : ["by these runs"];

    private static string Beyond(double factor) => $"{factor.Fixed(1)}×";

    private static string Interval(Estimate value, Func<double, string> show)
        => $"{show(value.Value)} ({show(value.Low)} to {show(value.High)})";

    private static string Times(double factor)
        => double.IsPositiveInfinity(factor) ? "never" : $"{factor.Fixed(2)}×";
}
