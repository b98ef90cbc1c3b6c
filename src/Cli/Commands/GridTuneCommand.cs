using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid tune</c>.</summary>
internal static class GridTuneCommand
{
    private static readonly Argument<string> Grid = GridArguments.FileOrFolder();
    private static readonly Option<string?> Folder = GridArguments.Folder();

    public static Command Create()
        => new Command("tune",
            "Show each ladder of learning rates: what was tried, what was "
                + "chosen, and whether it lies inside") { Grid, Folder }
            .WithExamples("pretrainbench grid tune configs/quickstart.yaml")
            .RunsOnTorch(context =>
            {
                var view = new GridView(GridFolder.Planned(context.Get(Grid), context.Get(Folder)));
                if (!view.Planner.Tunes)
                    throw new UserException(
                        "this grid tunes nothing: it has neither a `tuning` section nor a learning_rate axis");
                var groups = view.Planner.Groups(view.TuningLossOf);
                context.Print(groups.Select(ToJson), Tables.Render(
                    ["optimizer", "size", "ratio", "seed", "tried (loss)", "best", "verdict"],
                    [.. groups.Select(Row)]));
                return ExitCodes.Done;
            });

    private static string[] Row(TuningGroup group) =>
    [
        group.Anchor.Optimizer, group.Anchor.Size, $"{group.Anchor.TokensPerParameter.Rounded(5)}",
        group.Anchor.Seed.ToString(),
        string.Join("  ",
            group.Rates.Zip(group.Losses,
                (rate, loss) => $"{rate.Rounded(4)} ({Outcome(loss)})")),
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

    private static object ToJson(TuningGroup group) => new
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
}
