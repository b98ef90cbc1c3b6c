namespace PretrainBench.Training.Checkpoints;

/// <summary>What a checkpoint holds beside tensors. No random state is among it: the order of the data, the initial
/// weights and every draw are functions of seeds and the step.</summary>
internal sealed record CheckpointState
{
    public const int CurrentFormat = 1;

    /// <summary>The layout's version; another one is refused.</summary>
    public int Format { get; init; } = CurrentFormat;

    /// <summary>The run's identity: a checkpoint of another run is refused.</summary>
    public required string RunId { get; init; }

    public required int Step { get; init; }

    /// <summary>Seconds of training so far, all attempts together, evaluations and checkpoints left out.</summary>
    public required double TrainingSeconds { get; init; }

    public required double OptimizerSeconds { get; init; }

    /// <summary>The optimizer's counters and other single numbers.</summary>
    public required IReadOnlyDictionary<string, double> OptimizerScalars { get; init; }

    /// <summary>The smoothed loss of the divergence detector, in nats per token; NaN before the first step is stored as
    /// null.</summary>
    public double? SmoothedLoss { get; init; }

    /// <summary>When it was written, UTC.</summary>
    public required DateTimeOffset WrittenAt { get; init; }
}
