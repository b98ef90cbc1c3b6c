using System.CommandLine;
using PretrainBench.Analysis;
using PretrainBench.Analysis.Design;
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

    private static readonly Option<double> Noise = new("--seed-noise")
    {
        Description = "Standard deviation of the final loss between seeds, in nats per token",
        HelpName = "SIGMA",
        DefaultValueFactory = _ => 0.002,
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
                + "beta and the loss at its largest cell")
            { File, Overrides }
            .With(LawName, Noise, Rho, Budget)
            .WithExamples(
                "pretrainbench design configs/quickstart.yaml",
                "pretrainbench design configs/quickstart.yaml --seed-noise 0.003 --rho 1.2 --flops 1e15 --json")
            .Runs(Execute);

    private static int Execute(CommandContext context)
    {
        var grid = GridFile.Read(context.Get(File)!, context.Get(Overrides));
        var (design, search) = GridDesignStudy.Of(
            grid, context.Get(LawName)!, context.Get(Noise), context.Get(Rho), context.Get(Budget));
        context.Print(() => AnalysisJson.Write(new { design, search }), Text(design, search));
        return ExitCodes.Done;
    }

    private static string Text(DesignResult result, GridSearchResult? search)
        => $"{result.Runs} runs, {result.Flops:0.00e0} FLOPs at 6 N D; law {result.Law}; seed noise "
            + $"{result.SeedNoise} nats per token\n"
            + Tables.Render(["optimizer", "parameter", "assumed", "standard error", "95 % low", "high"],
                [.. result.Precision.Select(row => new[]
                {
                    row.Optimizer.Length == 0 ? "all" : row.Optimizer, row.Parameter, row.Truth.Rounded(4),
                    row.StandardError.Rounded(3), row.Low.Rounded(4), row.High.Rounded(4),
                })])
            + string.Concat(result.Detectable.Select(row =>
                $"{row.Optimizer}: the smallest {row.Parameter} that this grid tells from 1 is {row.Rho:0.000} "
                + "(power 80 %)\n"))
            + string.Concat(result.Findings.Select(finding => FitText.Line(finding) + "\n"))
            + (search is null ? "" : search.Statement + "\n");
}
