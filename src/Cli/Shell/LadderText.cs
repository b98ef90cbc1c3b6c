using PretrainBench.Core;
using PretrainBench.Grids.Planning;

namespace PretrainBench.Cli.Shell;

/// <summary>Ladders of learning rates in words.</summary>
internal static class LadderText
{
    public static string Table(IReadOnlyList<TuningGroup> groups) => Tables.Render(
        ["optimizer", "size", "ratio", "seed", "tried (loss)", "best", "verdict"], [.. groups.Select(Row)]);

    public static object ToJson(TuningGroup group) => new
    {
        group.Anchor.Optimizer,
        group.Anchor.Size,
        group.Anchor.TokensPerParameter,
        group.Anchor.Seed,
        learning_rates = group.Rates,
        group.Losses,
        learning_rate = group.Best,
        learning_rate_on_edge = group.IsBestOnEdge,
        decided = group.IsDecided,
    };

    private static string[] Row(TuningGroup group) =>
    [
        group.Anchor.Optimizer, group.Anchor.Size, $"{group.Anchor.TokensPerParameter.Rounded(5)}",
        group.Anchor.Seed.ToString(),
        string.Join("  ", group.Rates.Zip(group.Losses, (rate, loss) => $"{rate.Rounded(4)} ({Outcome(loss)})")),
        group.Best?.Rounded(4) ?? "", Verdict(group),
    ];

    private static string Outcome(double? loss)
        => loss is not { } value ? "open" : double.IsFinite(value) ? value.Fixed(4) : "diverged";

    private static string Verdict(TuningGroup group) => (group.IsBestOnEdge, group.IsDecided) switch
    {
        (null, _) => "open",
        (true, true) => "on the edge: a better rate may lie beyond",
        (true, false) => "on the edge; the ladder grows",
        (false, true) => "inside",
        (false, false) => "inside; other ladders grow",
    };
}
