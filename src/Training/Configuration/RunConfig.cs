using PretrainBench.Optimizers;

namespace PretrainBench.Training.Configuration;

/// <summary>One training run, as a file describes it.</summary>
public sealed record RunConfig : IValidated
{
    /// <summary>What is trained.</summary>
    public required ModelConfig Model { get; init; }

    /// <summary>On which tokens, in which order.</summary>
    public required DataConfig Data { get; init; }

    /// <summary>By which optimizer.</summary>
    public required OptimizerConfig Optimizer { get; init; }

    /// <summary>How the learning rate moves over the run.</summary>
    public ScheduleConfig Schedule { get; init; } = new();

    /// <summary>Tokens per step.</summary>
    public BatchConfig Batch { get; init; } = new();

    /// <summary>Tokens in all.</summary>
    public required BudgetConfig Budget { get; init; }

    /// <summary>Largest global norm of the gradient, to which larger ones shrink; 0 for none. Default 1.</summary>
    public double GradientClip { get; init; } = 1;

    /// <summary>Weight of the softmax's squared log normaliser in the loss (PaLM: 1e-4). Default 0.</summary>
    public double ZLoss { get; init; }

    /// <summary>How products with weights are taken; default <c>fp32</c>.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Seed of the initial weights and of whatever the optimizer draws; default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>Points of the validation curve.</summary>
    public EvaluationConfig Evaluation { get; init; } = new();

    /// <summary>When to save.</summary>
    public CheckpointConfig Checkpoint { get; init; } = new();

    /// <summary>Where and how it is computed.</summary>
    public ExecutionConfig Execution { get; init; } = new();

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (GradientClip < 0) yield return (nameof(GradientClip), "must not be negative; 0 turns clipping off");
        if (ZLoss is < 0 or > 1) yield return (nameof(ZLoss), "must be between 0 and 1");
        if (Execution.MicroBatchSequences > 0 && Batch.SequencesPerStep % Execution.MicroBatchSequences != 0)
            yield return (nameof(Execution),
                $"micro_batch_sequences must divide sequences_per_step ({Batch.SequencesPerStep})");
    }

    /// <summary>Reads a run's configuration from a file, with overrides.</summary>
    /// <exception cref="UserException">Anything about it is wrong; all errors at once.</exception>
    public static RunConfig Read(string path, IEnumerable<string>? overrides = null)
    {
        var root = ConfigFile.Read(path);
        foreach (var assignment in overrides ?? []) ConfigFile.Override(root, assignment);
        return ConfigBinder.Bind<RunConfig>(root, path);
    }
}
