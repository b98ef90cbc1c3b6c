using PretrainBench.Optimizers;

namespace PretrainBench.Training.Configuration;

/// <summary>
/// What makes a run the run that it is: everything that changes its result, and nothing else. The data counts by its
/// content, not by its folder; evaluation on the way, checkpoints, device and threads do not count.
/// </summary>
internal sealed record RunIdentity
{
    /// <summary>
    /// Counts up whenever the same configuration comes to mean another computation, or is hashed in another form:
    /// 2 since numbers and truth values are hashed as such and not as texts.
    /// </summary>
    public const int CurrentVersion = 2;

    public int Version { get; init; } = CurrentVersion;

    public required ModelConfig Model { get; init; }

    public required string DataHash { get; init; }

    public required string TokenizerHash { get; init; }

    public required ulong DataSeed { get; init; }

    public required OptimizerConfig Optimizer { get; init; }

    public required ScheduleConfig Schedule { get; init; }

    public required BatchConfig Batch { get; init; }

    public required int Steps { get; init; }

    public required double GradientClip { get; init; }

    public required double ZLoss { get; init; }

    public required Precision Precision { get; init; }

    public required ulong Seed { get; init; }

    /// <summary>The hash of a run's identity, twelve hexadecimal digits.</summary>
    public static string Of(ResolvedRun run) => ContentHash.ShortOfText(ConfigWriter.ToCanonicalJson(new RunIdentity
    {
        Model = run.Config.Model,
        DataHash = run.Data.DataHash,
        TokenizerHash = run.Data.TokenizerHash,
        DataSeed = run.Config.Data.Seed,
        Optimizer = run.Config.Optimizer,
        Schedule = run.Config.Schedule,
        Batch = run.Config.Batch,
        Steps = run.Steps,
        GradientClip = run.Config.GradientClip,
        ZLoss = run.Config.ZLoss,
        Precision = run.Config.Precision,
        Seed = run.Config.Seed,
    }));
}
