using PretrainBench.Grids.Configuration;

namespace PretrainBench.Grids.Planning;

/// <summary>Chooses learning rates by a grid's rule. A pure function of the losses known so far: any process that asks
/// gets the same answer, and more results only add to it. Every ladder has the same number of rungs, whatever the
/// optimizer: while any best rate is on its ladder's edge, all ladders grow by one rung.</summary>
internal sealed class LearningRateTuner
{
    private readonly GridConfig _grid;
    private readonly List<GridCell> _anchors;

    /// <summary>Creates a tuner for a grid with a tuning rule or a learning-rate axis.</summary>
    public LearningRateTuner(GridConfig grid)
    {
        _grid = grid;
        Cells = [.. CellsOf(grid)];
        _anchors = [.. Cells.Select(AnchorOf).Distinct()];
    }

    /// <summary>All combinations of the axes but the learning rate, in the order of the file, repeats behind the seeds
    /// of their cell.</summary>
    public IReadOnlyList<GridCell> Cells { get; }

    /// <summary>The groups of cells that share a learning rate, with what is known about each.</summary>
    /// <param name="loss">A trial's final loss: infinite where it diverged, null while not known.</param>
    public IReadOnlyList<TuningGroup> Groups(Func<GridCell, double?> loss)
    {
        if (_grid.Tuning is not { } rule)
            return [.. Cells.Select(cell => Group(cell, [.. _grid.Axes.LearningRate.Order()], true, loss))];
        var ladders = _anchors.ConvertAll(
            anchor => LearningRateLadder.Around(rule.Start[anchor.Optimizer], rule.Factor, rule.Trials));
        for (var extension = 0; ; extension++)
        {
            var groups = _anchors.Zip(ladders, (anchor, ladder) => Group(anchor, ladder.Rates, false, loss)).ToList();
            if (groups.Any(group => group.Complete is null)) return groups;
            if (extension == rule.Extensions || !groups.Any(group => group.IsBestOnEdge!.Value))
                return groups.ConvertAll(group => group with { IsDecided = true });
            ladders = [.. ladders.Zip(groups, (ladder, group) => ladder.Grown(group.Complete!))];
        }
    }

    public GridCell AnchorOf(GridCell cell)
    {
        var axes = _grid.Axes;
        var open = cell with { LearningRate = null };
        if (_grid.Tuning is not { } rule) return open;
        var apart = rule.ForEach;
        return open with
        {
            Size = apart.Contains(TuningAxis.Size) ? cell.Size : rule.AtSize ?? axes.Size[0],
            TokensPerParameter = apart.Contains(TuningAxis.TokensPerParameter)
                ? cell.TokensPerParameter : rule.AtTokensPerParameter ?? axes.TokensPerParameter[0],
            BatchTokens = apart.Contains(TuningAxis.BatchTokens) || axes.BatchTokens.Count == 0
                ? cell.BatchTokens : axes.BatchTokens[0],
            Seed = axes.Seed[0],
        };
    }

    /// <summary>Whether a cell is where a ladder is tried.</summary>
    public bool IsTrialAlone(GridCell cell)
        => _grid.Tuning is not null && AnchorOf(cell) == cell with { LearningRate = null };

    private static IEnumerable<GridCell> CellsOf(GridConfig grid)
    {
        var axes = grid.Axes;
        IReadOnlyList<long?> batches
            = axes.BatchTokens.Count == 0 ? [null] : [.. axes.BatchTokens.Select(batch => (long?)batch)];
        return from optimizer in axes.Optimizer
               from size in axes.Size
               from ratio in axes.TokensPerParameter
               from batch in batches
               from seed in axes.Seed.Union(grid.Repeats
                   .Where(repeat => repeat.Size == size && repeat.TokensPerParameter == ratio)
                   .SelectMany(repeat => repeat.Seed))
               select new GridCell(optimizer, size, ratio, seed, batch);
    }

    private static TuningGroup Group(
        GridCell anchor, IReadOnlyList<double> rates, bool isDecided, Func<GridCell, double?> loss)
        => new(anchor, rates, [.. rates.Select(rate => loss(anchor with { LearningRate = rate }))], isDecided);
}

/// <summary>A ladder of learning rates for the cells that share a rate.</summary>
/// <param name="Anchor">The cell at which the rate is tuned; its learning rate is left open.</param>
/// <param name="Rates">The rates tried so far, lowest first.</param>
/// <param name="Losses">Their final losses: infinite when diverged, null while not known.</param>
/// <param name="IsDecided">Whether no further rung will be tried.</param>
public sealed record TuningGroup(
    GridCell Anchor, IReadOnlyList<double> Rates, IReadOnlyList<double?> Losses, bool IsDecided)
{
    public IEnumerable<GridCell> Trials => Rates.Select(rate => Anchor with { LearningRate = rate });

    /// <summary>The rate with the lowest loss; null before all are known.</summary>
    public double? Best => Complete is { } losses ? Rates[LearningRateLadder.Best(losses)] : null;

    /// <summary>Whether the best rate is the lowest or highest tried; null before all are known.</summary>
    public bool? IsBestOnEdge => Complete is { } losses ? LearningRateLadder.IsOnEdge(losses) : null;

    /// <summary>All losses; null before all are known.</summary>
    internal IReadOnlyList<double>? Complete
        => Losses.All(loss => loss.HasValue) ? [.. Losses.Select(loss => loss!.Value)] : null;
}
