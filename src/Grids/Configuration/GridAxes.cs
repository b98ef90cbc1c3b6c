using PretrainBench.Core;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Grids.Configuration;

/// <summary>The axes of a grid: every combination of their values is a cell.</summary>
public sealed record GridAxes : IValidated
{
    private const int MostCells = 100_000;

    /// <summary>Optimizers, by the names of the grid file's <c>optimizers</c> section or of the registry.</summary>
    public required IReadOnlyList<string> Optimizer { get; init; }

    /// <summary>Model sizes, by their names on the ladder.</summary>
    public required IReadOnlyList<string> Size { get; init; }

    /// <summary>Tokens trained on for each non-embedding parameter: the schedule's length is chosen by it.</summary>
    public required IReadOnlyList<double> TokensPerParameter { get; init; }

    /// <summary>Learning rates, tried at every cell; empty when tuning or the run's configuration has them.</summary>
    public IReadOnlyList<double> LearningRate { get; init; } = [];

    public IReadOnlyList<ulong> Seed { get; init; } = [0];

    /// <summary>Tokens per optimizer step; empty for the run configuration's own.</summary>
    public IReadOnlyList<long> BatchTokens { get; init; } = [];

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        var cells = Named().Aggregate(1.0, (product, axis) => product * Math.Max(axis.Values.Count(), 1));
        if (cells > MostCells)
            yield return (nameof(Optimizer), $"all axes together make {cells.Scientific(2)} runs; more than "
                + $"{MostCells} are hardly meant");
        if (Optimizer.Count == 0) yield return (nameof(Optimizer), "at least one is needed");
        if (Size.Count == 0) yield return (nameof(Size), "at least one is needed");
        if (TokensPerParameter.Count == 0) yield return (nameof(TokensPerParameter), "at least one is needed");
        if (Seed.Count == 0) yield return (nameof(Seed), "at least one is needed");
        foreach (var ratio in TokensPerParameter.Where(ratio => !(ratio > 0)))
            yield return (nameof(TokensPerParameter), $"{ratio} trains on nothing; ratios must be above 0");
        foreach (var rate in LearningRate.Where(rate => !(rate > 0)))
            yield return (nameof(LearningRate), $"{rate} learns nothing; rates must be above 0");
        foreach (var batch in BatchTokens.Where(batch => batch < 1))
            yield return (nameof(BatchTokens), $"{batch} is no batch; it must be at least 1");
        foreach (var (name, values) in Named())
            foreach (var twice in values.GroupBy(value => value).Where(group => group.Count() > 1))
                yield return (name, $"{twice.Key} stands there {twice.Count()} times");
    }

    private IEnumerable<(string Name, IEnumerable<object> Values)> Named() =>
    [
        (nameof(Optimizer), Optimizer), (nameof(Size), Size),
        (nameof(TokensPerParameter), TokensPerParameter.Cast<object>()),
        (nameof(LearningRate), LearningRate.Cast<object>()), (nameof(Seed), Seed.Cast<object>()),
        (nameof(BatchTokens), BatchTokens.Cast<object>()),
    ];
}
