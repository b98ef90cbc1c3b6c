using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Scaling;
using PretrainBench.Grids.Status;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid tune</c>.</summary>
internal static class GridTuneCommand
{
    private static readonly Argument<string> Grid = GridArguments.FileOrFolder();
    private static readonly Option<string?> Folder = GridArguments.Folder();

    private static readonly Option<string?> Rule = new Option<string?>("--fit")
    {
        Description = "Fit how rates travel between sizes, and check it on a size that was kept back: fixed, "
            + "inverse_width (∝ 1/width), or power (of the size and, where ratios differ, of the tokens)",
        HelpName = "RULE",
    }.AcceptOnlyFromAmong([.. Enum.GetValues<ScalingRule>().Select(rule => SnakeCase.From(rule.ToString()))]);

    private static readonly Option<string?> KeepBack = new("--keep-back")
    {
        Description = "The size to check at; default the largest",
        HelpName = "SIZE",
    };

    private static readonly Option<double> Tolerance = new("--tolerance")
    {
        Description = "Nats per token that the rule may cost any optimizer there",
        HelpName = "NATS",
        DefaultValueFactory = _ => ScalingFit.DefaultTolerance,
    };

    private static readonly Option<string?> Output = new("--out")
    {
        Description = "Also write the rule as a file that a grid includes: `scaling: FILE.yaml`",
        HelpName = "FILE.yaml",
    };

    public static Command Create()
        => new Command("tune",
            "Show each ladder of learning rates: what was tried, what was "
                + "chosen, and whether it lies inside; or fit how rates travel")
            { Grid, Folder, Rule, KeepBack, Tolerance, Output }
            .WithExamples(
                "pretrainbench grid tune configs/quickstart.yaml",
                "pretrainbench grid tune runs/anchors --fit power --keep-back 1M --out scaling.yaml")
            .RunsOnTorch(Execute);

    private static int Execute(CommandContext context)
    {
        var view = new GridView(GridArguments.Planned(context, Grid, Folder));
        if (!view.Planner.Tunes)
            throw new UserException(
                "this grid tunes nothing: it has neither a `tuning` section nor a learning_rate axis");
        if (context.Get(Rule) is { } rule) return Fit(context, view, rule);
        if (new Option[] { KeepBack, Tolerance, Output }.FirstOrDefault(context.IsGiven) is { } alone)
            throw new UserException($"`{alone.Name}` goes with `--fit RULE`");
        var groups = view.Planner.Groups(view.TuningLossOf);
        context.Print(groups.Select(LadderText.ToJson), LadderText.Table(groups));
        return ExitCodes.Done;
    }

    private static int Fit(CommandContext context, GridView view, string rule)
    {
        var kind = Enum.GetValues<ScalingRule>().Single(kind => SnakeCase.From(kind.ToString()) == rule);
        var (scaling, checks) = ScalingFit.Of(
            view.Planner, view.TuningLossOf, kind, context.Get(KeepBack), context.Get(Tolerance));
        // What the ladders were trained under travels with the rates.
        var whole = (view.Planner.Grid.Scaling ?? new()) with { LearningRate = scaling };
        if (context.Get(Output) is { } file) AtomicFile.WriteText(file, ConfigWriter.ToYaml(whole));
        context.Print(new { scaling = whole, checks, file = context.Get(Output) },
            ScalingText.Of(scaling, checks, context.Get(Tolerance), context.Get(Output)));
        return ExitCodes.Done;
    }
}
