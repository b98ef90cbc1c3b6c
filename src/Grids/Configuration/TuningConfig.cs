using PretrainBench.Core.Configuration;

namespace PretrainBench.Grids.Configuration;

/// <summary>An axis along which learning rates may be tuned apart.</summary>
public enum TuningAxis
{
    /// <summary>Each optimizer has its own rate (always the case).</summary>
    Optimizer,

    Size,

    /// <summary>Each ratio of tokens to parameters has its own rate.</summary>
    TokensPerParameter,

    /// <summary>Each batch size has its own rate.</summary>
    BatchTokens,
}

/// <summary>How learning rates are chosen: a geometric ladder around a start, extended until the best lies inside. The
/// number of trials is the same for every optimizer: when one ladder has to grow, all grow by one.</summary>
public sealed record TuningConfig : IValidated
{
    private const int MostRungs = 100;

    /// <summary>The middle of the ladder for each optimizer of the grid.</summary>
    public required IReadOnlyDictionary<string, double> Start { get; init; }

    /// <summary>The ratio of neighbouring rungs.</summary>
    public double Factor { get; init; } = 2;

    /// <summary>Rungs at the beginning, for every optimizer.</summary>
    public int Trials { get; init; } = 3;

    /// <summary>How often the ladders may grow by a rung.</summary>
    public int Extensions { get; init; } = 3;

    /// <summary>What has a rate of its own; rates are tuned once for everything else.</summary>
    public IReadOnlyList<TuningAxis> ForEach { get; init; } = [TuningAxis.Optimizer];

    /// <summary>The size to tune at where sizes share a rate; null for the first of the axis.</summary>
    public string? AtSize { get; init; }

    /// <summary>The ratio to tune at where ratios share a rate; null for the first of the axis.</summary>
    public double? AtTokensPerParameter { get; init; }

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        foreach (var (name, rate) in Start.Where(pair => !(pair.Value > 0)))
            yield return (nameof(Start), $"{name}: {rate} learns nothing; it must be above 0");
        if (!(Factor > 1)) yield return (nameof(Factor), $"{Factor} makes no ladder; it must be above 1");
        if (Trials < 1) yield return (nameof(Trials), $"{Trials} tries nothing; it must be at least 1");
        if (Trials > MostRungs) yield return (nameof(Trials), $"must be at most {MostRungs}");
        if (Extensions is < 0 or > MostRungs) yield return (nameof(Extensions), $"must be between 0 and {MostRungs}");
        var reach = Math.Pow(Factor, (long)Trials + Extensions);
        foreach (var (name, rate) in Start.Where(pair => pair.Value > 0 && (!double.IsFinite(pair.Value * reach)
            || !double.IsNormal(pair.Value / reach))))
            yield return (nameof(Start), $"{name}: a ladder of {Trials} trials and {Extensions} extensions by "
                + $"{Factor} around {rate} leaves the numbers that there are");
        if (AtTokensPerParameter is { } ratio && !(ratio > 0))
            yield return (nameof(AtTokensPerParameter), "must be above 0");
    }
}
