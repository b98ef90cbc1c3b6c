namespace PretrainBench.Grids.Planning;

/// <summary>A ladder of learning rates for the cells that share a rate.</summary>
/// <param name="Anchor">The cell at which the rate is tuned; its learning rate is left open.</param>
/// <param name="Rates">The rates tried so far, lowest first.</param>
/// <param name="Losses">Their final losses: infinite when diverged, null while not known.</param>
/// <param name="IsDecided">Whether no further rung will be tried.</param>
public sealed record TuningGroup(
    GridCell Anchor, IReadOnlyList<double> Rates, IReadOnlyList<double?> Losses, bool IsDecided)
{
    /// <summary>The trials.</summary>
    public IEnumerable<GridCell> Trials => Rates.Select(rate => Anchor with { LearningRate = rate });

    /// <summary>The rate with the lowest loss; null before all are known.</summary>
    public double? Best => Complete is { } losses ? Rates[LearningRateLadder.Best(losses)] : null;

    /// <summary>Whether the best rate is the lowest or highest tried; null before all are known.</summary>
    public bool? IsBestOnEdge => Complete is { } losses ? LearningRateLadder.IsOnEdge(losses) : null;

    /// <summary>All losses; null before all are known.</summary>
    internal IReadOnlyList<double>? Complete
        => Losses.All(loss => loss.HasValue) ? [.. Losses.Select(loss => loss!.Value)] : null;
}
