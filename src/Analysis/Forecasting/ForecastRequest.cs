using PretrainBench.Core.Configuration;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>What is to be forecast.</summary>
public sealed record ForecastRequest : IValidated
{
    /// <summary>Sizes and tokens at which losses and savings are wanted.</summary>
    public IReadOnlyList<(double N, double D)> Points { get; init; } = [];

    /// <summary>Budgets, in FLOPs (or seconds for a law in seconds), for which the best N and D are wanted.</summary>
    public IReadOnlyList<double> Budgets { get; init; } = [];

    /// <summary>The optimizer that savings are counted against; null: the fit's reference.</summary>
    public string? Over { get; init; }

    /// <summary>D / N along which advantages are followed.</summary>
    public double TokensPerParameter { get; init; } = 20;

    public double LargestN { get; init; } = 1e12;

    /// <summary>
    /// Whether optimizers are forecast beyond <see cref="Forecaster.FarthestBeyond"/> times their own runs.
    /// </summary>
    public bool BeyondRange { get; init; }

    /// <summary>
    /// Deviation of the loss between seeds, nats; null: pooled from repeated cells, if the table has any.
    /// </summary>
    public double? SeedNoise { get; init; }

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        foreach (var (n, d) in Points.Where(point => !IsPositive(point.N) || !IsPositive(point.D)))
            yield return (nameof(Points), $"N = {n}, D = {d}: both must be above zero");
        foreach (var budget in Budgets.Where(budget => !IsPositive(budget)))
            yield return (nameof(Budgets), $"{budget} must be above zero");
        if (!IsPositive(TokensPerParameter))
            yield return (nameof(TokensPerParameter), $"{TokensPerParameter} must be above zero");
        if (!IsPositive(LargestN)) yield return (nameof(LargestN), $"{LargestN} must be above zero");
        if (SeedNoise is { } noise && !IsPositive(noise))
            yield return (nameof(SeedNoise), $"{noise} nats must be above zero");
    }

    private static bool IsPositive(double value) => value > 0 && double.IsFinite(value);
}
