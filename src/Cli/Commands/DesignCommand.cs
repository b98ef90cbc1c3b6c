using System.CommandLine;
using PretrainBench.Analysis;
using PretrainBench.Analysis.Design;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Planning;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench design</c>.</summary>
internal static class DesignCommand
{
    private static readonly Argument<string> File = GridArguments.File();
    private static readonly Argument<string[]> Overrides = GridArguments.Overrides();
    private static readonly Option<string> LawName = new("--law") { Description = "The law that will be fitted", HelpName = "NAME", DefaultValueFactory = _ => "shared" };

    private static readonly Option<double> Noise = new("--seed-noise")
    {
        Description = "Standard deviation of the final loss between seeds, in nats per token",
        HelpName = "SIGMA",
        DefaultValueFactory = _ => 0.002,
    };

    private static readonly Option<double?> Rho = new("--rho")
    {
        Description = "Also search the grid's sizes and ratios for the cheapest grid that tells its first two optimizers apart at this rho_D",
        HelpName = "RHO",
    };

    private static readonly Option<double?> Budget = new("--flops") { Description = "Most FLOPs that the search may spend; default: what the grid costs", HelpName = "C" };

    public static Command Create()
        => new Command("design", "Before anything is trained: how precisely a grid will tell rho, alpha, beta and the loss at its largest cell")
            { File, Overrides }
            .With(LawName, Noise, Rho, Budget)
            .WithExamples(
                "pretrainbench design configs/quickstart.yaml",
                "pretrainbench design configs/quickstart.yaml --seed-noise 0.003 --rho 1.2 --flops 1e15 --json")
            .Runs(Execute);

    private static int Execute(CommandContext context)
    {
        var grid = GridFile.Read(context.Get(File)!, context.Get(Overrides));
        var planner = new GridPlanner(grid);
        var cells = Cells(planner);
        var noise = context.Get(Noise);
        var result = GridDesign.Evaluate(new DesignRequest { Law = context.Get(LawName)!, Cells = cells, SeedNoise = noise });
        var search = context.Get(Rho) is { } rho ? Search(cells, rho, noise, context.Get(Budget) ?? result.Flops, context.Get(LawName)!) : null;
        context.Print(() => AnalysisJson.Write(new { design = result, search }), Text(result, search));
        return ExitCodes.Done;
    }

    /// <summary>The cells without their learning-rate trials; N follows from the tokens up to the last, cut-off step.</summary>
    private static List<PlannedCell> Cells(GridPlanner planner)
        => [.. planner.Cells()
            .GroupBy(run => (run.Cell.Optimizer, run.Cell.Size, run.Cell.TokensPerParameter))
            .Select(cell => new PlannedCell(cell.Key.Optimizer, cell.First().Tokens / cell.Key.TokensPerParameter, cell.First().Tokens, cell.Count()))];

    private static GridSearchResult Search(List<PlannedCell> cells, double rho, double noise, double budget, string law)
    {
        var optimizers = cells.Select(cell => cell.Optimizer).Distinct().ToList();
        if (optimizers.Count < 2) throw new UserException("--rho: the grid has one optimizer; telling two apart needs two on the optimizer axis");
        return CheapestGrid.Search(new GridSearchRequest
        {
            Optimizers = (optimizers[0], optimizers[1]),
            Sizes = [.. cells.GroupBy(cell => cell.Optimizer).First().GroupBy(cell => Math.Round(Math.Log(cell.N), 1)).Select(size => size.Average(cell => cell.N)).Order()],
            Ratios = [.. cells.Select(cell => Math.Round(cell.D / cell.N, 3)).Distinct().Order()],
            FlopBudget = budget,
            Rho = rho,
            SeedNoise = noise,
            Law = law,
        });
    }

    private static string Text(DesignResult result, GridSearchResult? search)
        => $"{result.Runs} runs, {result.Flops:0.00e0} FLOPs at 6 N D; law {result.Law}; seed noise {result.SeedNoise} nats per token\n"
            + Tables.Render(["optimizer", "parameter", "assumed", "standard error", "95 % low", "high"],
                [.. result.Precision.Select(row => new[]
                {
                    row.Optimizer.Length == 0 ? "all" : row.Optimizer, row.Parameter, row.Truth.Rounded(4), row.StandardError.Rounded(3), row.Low.Rounded(4), row.High.Rounded(4),
                })])
            + string.Concat(result.Detectable.Select(row => $"{row.Optimizer}: the smallest {row.Parameter} that this grid tells from 1 is {row.Rho:0.000} (power 80 %)\n"))
            + string.Concat(result.Findings.Select(finding => FitText.Line(finding) + "\n"))
            + (search is null ? "" : search.Statement + "\n");
}
