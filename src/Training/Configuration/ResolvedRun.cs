using PretrainBench.Training.Results;

namespace PretrainBench.Training.Configuration;

/// <summary>A run in which nothing is left open: the configuration, what follows from it, and the identity.</summary>
public sealed record ResolvedRun
{
    /// <summary>The configuration with the model spelled out, the budget in tokens and the warm-up in steps.</summary>
    public required RunConfig Config { get; init; }

    public required ModelShape Shape { get; init; }

    /// <summary>The data's content hashes.</summary>
    public required DataFingerprint Data { get; init; }

    public required int Steps { get; init; }

    /// <summary>The identity: the same for two runs exactly when they compute the same thing.</summary>
    public string Id => RunIdentity.Of(this);

    /// <summary>The identity of each run that differs from this one in its seed alone.</summary>
    public Func<ulong, string> IdOfSeed => RunIdentity.OfSeed(this);

    public long Tokens => Steps * Config.Batch.TokensPerStep;

    /// <summary>The first steps that a shorter run can take over from a longer one of the same configuration: until
    /// its schedule parts, or its tail begins, which is averaged over other steps than the longer one's.</summary>
    public int SharedSteps => (int)Math.Min(Config.Schedule.DecayStart(Steps),
        Config.Averaging is { Kind: AveragingKind.Tail } tail ? tail.Start(Steps) : Steps);

    /// <summary>Fills in what a configuration leaves open.</summary>
    /// <exception cref="UserException">The configuration is impossible with this data.</exception>
    public static ResolvedRun From(RunConfig config, DataFingerprint data, int tokenizerVocabulary)
    {
        var shape = config.Model.Resolve(tokenizerVocabulary);
        var steps = config.Budget.Steps(ParameterCounts.Of(shape).NonEmbedding, config.Batch.TokensPerStep);
        return new ResolvedRun
        {
            Config = config with
            {
                Model = shape.ToConfig(),
                Budget = new BudgetConfig { Tokens = steps * config.Batch.TokensPerStep },
                Schedule = config.Schedule.ForBatch(config.Batch.TokensPerStep),
                Averaging = config.Averaging?.Resolve(),
            },
            Shape = shape,
            Data = data,
            Steps = steps,
        };
    }
}
