using PretrainBench.Analysis.Design;
using PretrainBench.Core;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Planning;

namespace PretrainBench.Studies;

/// <summary>What a grid file will tell, before anything of it is trained.</summary>
/// <param name="Design">How precisely the law will be known.</param>
/// <param name="Search">The cheapest grid that tells two optimizers apart; null where none was asked for.</param>
public sealed record GridDesignStudy(DesignResult Design, GridSearchResult? Search)
{
    /// <summary>Evaluates a grid, and searches for the cheapest when an efficiency to be told from 1 is
    /// given.</summary>
    /// <param name="truth">What is assumed to be true; null: the refit of Hoffmann et al.'s law.</param>
    /// <param name="rho">The rho_D that must be told from 1; null: no search.</param>
    /// <param name="flopBudget">Most FLOPs that the search may spend; null: what the grid costs.</param>
    /// <exception cref="UserException">The law does not fit the grid, or the grid has one optimizer to search
    /// with.</exception>
    public static GridDesignStudy Of(
        GridFile grid, string law, DesignNoise noise, double? rho, double? flopBudget, DesignTruth? truth = null)
    {
        truth ??= new();
        var planner = new GridPlanner(grid);
        var cells = Cells(planner);
        var design = GridDesign.Evaluate(new()
        {
            Law = law,
            Cells = cells,
            Noise = noise,
            Truth = truth,
            Vocabulary = planner.Vocabulary,
        });
        return new(design,
            rho is { } told ? Cheapest(cells, told, noise, flopBudget ?? design.Flops, law, truth) : null);
    }

    /// <summary>What a grid can tell at all, whatever its losses will be.</summary>
    public static DesignReach Reach(GridPlanner planner) => DesignReach.Of(Cells(planner));

    // The cells without their learning-rate trials.
    private static List<PlannedCell> Cells(GridPlanner planner)
        => [.. planner.Cells()
            .GroupBy(run => (run.Cell.Optimizer, run.Cell.Size, run.Cell.TokensPerParameter))
            .Select(cell => new PlannedCell(
                cell.Key.Optimizer, planner.PlaceOf(cell.First().Cell).Parameters, cell.First().Tokens,
                cell.Count(), cell.First().Trunk is not null))];

    private static GridSearchResult Cheapest(List<PlannedCell> cells, double rho, DesignNoise noise,
        double budget, string law, DesignTruth truth)
    {
        var optimizers = cells.Select(cell => cell.Optimizer).Distinct().ToList();
        if (optimizers.Count < 2)
            throw new UserException(
                "--rho: the grid has one optimizer; telling two apart needs two on the optimizer axis");
        return CheapestGrid.Search(new()
        {
            Optimizers = (optimizers[0], optimizers[1]),
            Sizes =
            [
                .. cells.GroupBy(cell => cell.Optimizer).First().GroupBy(cell => Math.Round(Math.Log(cell.N), 1))
                    .Select(size => size.Average(cell => cell.N)).Order(),
            ],
            Ratios = [.. cells.Select(cell => Math.Round(cell.D / cell.N, 3)).Distinct().Order()],
            FlopBudget = budget,
            Rho = rho,
            Noise = noise,
            Law = law,
            Truth = truth,
        });
    }
}
