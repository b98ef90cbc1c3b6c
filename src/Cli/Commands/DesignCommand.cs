using System.CommandLine;
using PretrainBench.Analysis;
using PretrainBench.Analysis.Design;
using PretrainBench.Analysis.Laws;
using PretrainBench.Analysis.Solvers;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids.Configuration;
using PretrainBench.Studies;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench design</c>.</summary>
internal static class DesignCommand
{
    private static readonly Argument<string> File = GridArguments.File();
    private static readonly Argument<string[]> Overrides = GridArguments.Overrides();
    private static readonly Option<string> LawName = new("--law")
    {
        Description = "The law that will be fitted",
        HelpName = "NAME",
        DefaultValueFactory = _ => "shared",
    };

    private static readonly Option<double?> Noise = new("--seed-noise")
    {
        Description = "Standard deviation of the final loss between seeds, in nats per token; default: what --from "
            + "shows",
        HelpName = "SIGMA",
    };

    private static readonly Option<double?> CellNoise = new("--cell-noise")
    {
        Description = "Standard deviation of what all runs of a cell share, in nats per token; default: what --from "
            + "shows, else 0",
        HelpName = "SIGMA",
    };

    private static readonly Option<string?> From = new("--from")
    {
        Description = "A grid or a table of runs near this scale: their shared law is assumed to be true, and their "
            + "noise",
        HelpName = "RESULTS",
    };

    private static readonly Option<string[]> Truth = new("--truth")
    {
        Description = "What is assumed to be true instead, such as E=1.8 A=480 B=2100 alpha=0.35 beta=0.37",
        HelpName = "NAME=VALUE",
        AllowMultipleArgumentsPerToken = true,
    };

    private static readonly Option<double?> Rho = new("--rho")
    {
        Description =
            "Also search the grid's sizes and ratios for the cheapest grid that tells its first "
                + "two optimizers apart at this rho_D",
        HelpName = "RHO",
    };

    private static readonly Option<double?> Budget = new("--flops")
    {
        Description = "Most FLOPs that the search may spend; default: what the grid costs",
        HelpName = "C",
    };

    public static Command Create()
        => new Command("design",
            "Before anything is trained: how precisely a grid will tell rho, alpha, "
                + "beta and the loss at ten times its largest size")
            { File, Overrides }
            .With(LawName, From, Truth, Noise, CellNoise, Rho, Budget)
            .WithExamples(
                "pretrainbench design configs/quickstart.yaml --from runs/quickstart",
                "pretrainbench design grid.yaml --truth E=1.8 A=480 B=2100 --seed-noise 0.003 --rho 1.2 --json")
            .Runs(Execute);

    private static int Execute(CommandContext context)
    {
        if (context.Get(Rho) is { } rho && !(rho > 0 && rho != 1))
            throw new UserException($"`--rho {rho.Rounded(4)}`: must be above zero and differ from 1, such as 1.2");
        if (context.IsGiven(Budget) && !context.IsGiven(Rho))
            throw new UserException("`--flops` bounds the search for the cheapest grid; give `--rho` with it");
        var grid = GridFile.Read(context.Get(File)!, context.Get(Overrides));
        var (truth, noise, source, findings) = Assumed(context);
        var (design, search) = GridDesignStudy.Of(
            grid, context.Get(LawName)!, noise, context.Get(Rho), context.Get(Budget), truth);
        design = design with { Findings = [.. findings, .. design.Findings] };
        context.Print(() => AnalysisJson.Write(new { design, search }), Text(design, source, search));
        return ExitCodes.Done;
    }

    // With what the runs that the truth is taken from do not bear.
    private static (DesignTruth Truth, DesignNoise Noise, string Source, IReadOnlyList<Finding> Findings) Assumed(
        CommandContext context)
    {
        const string Given = "seed noise, as given";
        if (context.Get(From) is not { } path)
            return (DesignTruth.Parse(context.Get(Truth) ?? []), new(context.Get(Noise) ?? throw new UserException(
                "how much final losses differ between seeds must be known: give --seed-noise, or --from a table "
                    + "that shows it"), context.Get(CellNoise) ?? 0), Given, []);
        if (context.Get(Truth) is { Length: > 0 }) throw new UserException("give --from or --truth, not both");
        var table = RunResults.Read([path]);
        var fit = Fitter.FitWithoutThin(table, LawRegistry.Shared);
        var noise = DesignNoise.From(table, fit);
        return (DesignTruth.From(fit),
            noise with { Run = context.Get(Noise) ?? noise.Run, Cell = context.Get(CellNoise) ?? noise.Cell },
            context.IsGiven(Noise) ? Given : "what its law leaves over, less what is shared",
            [.. fit.Findings.Where(finding => finding.Severity != Severity.Note)]);
    }

    private static string Text(DesignResult result, string noise, GridSearchResult? search)
        => $"{result.Runs} runs, {result.Flops.Scientific(3)} FLOPs at 6 N D; law {result.Law}; a final loss "
            + $"deviates by {result.Noise.Run.Rounded(4)} nats per token ({noise})"
            + $"{Shared("in a cell", result.Noise.Cell)}{Shared("in a trunk", result.Noise.Trunk)}\n"
            + Tables.Render(["optimizer", "parameter", "assumed", "standard error", "95 % low", "high"],
                [.. result.Precision.Select(row => new[]
                {
                    row.Optimizer.Length == 0 ? "all" : row.Optimizer, row.Parameter, row.Truth.Rounded(4),
                    row.IsDetermined ? row.StandardError.Rounded(3) : "not determined",
                    row.Low.Rounded(4), row.High.Rounded(4),
                })])
            + string.Concat(result.Detectable.Select(row =>
                $"{row.Optimizer}: the smallest {row.Parameter} that this grid tells from 1 is {row.Rho.Fixed(3)} "
                + "(power 80 %)\n"))
            + string.Concat(result.Findings.Select(finding => FitText.Line(finding) + "\n"))
            + (search is null ? "" : search.Statement + "\n");

    private static string Shared(string where, double deviation)
        => deviation > 0 ? $", {deviation.Rounded(4)} shared {where}" : "";
}
