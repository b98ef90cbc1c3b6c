using PretrainBench.Optimizers;

namespace PretrainBench.Training.Configuration;

/// <summary>One training run, as a file describes it.</summary>
public sealed record RunConfig : IValidated
{
    public required ModelConfig Model { get; init; }

    /// <summary>On which tokens, in which order.</summary>
    public required DataConfig Data { get; init; }

    public required OptimizerConfig Optimizer { get; init; }

    /// <summary>How the learning rate moves over the run.</summary>
    public ScheduleConfig Schedule { get; init; } = new();

    /// <summary>Tokens per step.</summary>
    public BatchConfig Batch { get; init; } = new();

    public required BudgetConfig Budget { get; init; }

    /// <summary>Largest global norm of the gradient, to which larger ones shrink; 0 for none. Default 1.</summary>
    public double GradientClip { get; init; } = 1;

    /// <summary>Weight of the softmax's squared log normaliser in the loss (PaLM: 1e-4). Default 0.</summary>
    public double ZLoss { get; init; }

    /// <summary>How products with weights are taken; default <c>fp32</c>.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Seed of the initial weights and of whatever the optimizer draws; default 0.</summary>
    public ulong Seed { get; init; }

    /// <summary>An average of the weights, measured beside the last ones; null for none.</summary>
    public AveragingConfig? Averaging { get; init; }

    /// <summary>Points of the validation curve.</summary>
    public EvaluationConfig Evaluation { get; init; } = new();

    public CheckpointConfig Checkpoint { get; init; } = new();

    /// <summary>Where and how it is computed.</summary>
    public ExecutionConfig Execution { get; init; } = new();

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (GradientClip < 0) yield return (nameof(GradientClip), "must not be negative; 0 turns clipping off");
        if (ZLoss is < 0 or > 1) yield return (nameof(ZLoss), "must be between 0 and 1");
        if (Execution.MicroBatchSequences.Sequences > 0
            && Batch.SequencesPerStep % Execution.MicroBatchSequences.Sequences != 0)
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

/// <summary>The <c>data</c> section of a run.</summary>
public sealed record DataConfig : IValidated
{
    /// <summary>The folder that <c>data prepare</c> made; its content, not its place, is in the identity.</summary>
    public required string Folder { get; init; }

    /// <summary>Seed of the order of windows of tokens, apart from the run's seed. Default 0.</summary>
    public ulong Seed { get; init; }

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (string.IsNullOrWhiteSpace(Folder))
            yield return (nameof(Folder), "is empty; give the folder that `pretrainbench data prepare` made");
    }
}

/// <summary>The <c>batch</c> section of a run.</summary>
public sealed record BatchConfig : IValidated
{
    /// <summary>Sequences in one optimizer step; default 16.</summary>
    public int SequencesPerStep { get; init; } = 16;

    /// <summary>Tokens in a sequence; default 256.</summary>
    public int SequenceLength { get; init; } = 256;

    public long TokensPerStep => (long)SequencesPerStep * SequenceLength;

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (SequencesPerStep is < 1 or > 1 << 20)
            yield return (nameof(SequencesPerStep), $"must be between 1 and {1 << 20}");
        if (SequenceLength is < 2 or > 1 << 17)
            yield return (nameof(SequenceLength), $"must be between 2 and {1 << 17}");
    }
}

/// <summary>The <c>budget</c> section of a run: how many tokens it trains on, given in exactly one way.</summary>
public sealed record BudgetConfig : IValidated
{
    public long? Tokens { get; init; }

    /// <summary>Tokens per parameter, embedding and head left out.</summary>
    public double? TokensPerParameter { get; init; }

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Tokens is null == TokensPerParameter is null)
            yield return (nameof(Tokens), "give either `tokens` or `tokens_per_parameter`, and not both");
        if (Tokens is < 1) yield return (nameof(Tokens), "must be at least 1");
        if (TokensPerParameter is <= 0) yield return (nameof(TokensPerParameter), "must be above 0");
    }

    /// <summary>Optimizer steps for the budget: rounded to the nearest whole step, at least one, so that the tokens
    /// trained on differ from the budget by at most half a step.</summary>
    /// <exception cref="UserException">More steps than can be counted.</exception>
    public int Steps(long nonEmbeddingParameters, long tokensPerStep)
    {
        var tokens = Tokens ?? TokensPerParameter!.Value * nonEmbeddingParameters;
        var steps = Math.Max(1, Math.Round(tokens / tokensPerStep));
        return steps <= int.MaxValue
            ? (int)steps
            : throw new UserException($"budget: {tokens:N0} tokens are {steps:N0} steps, more than this program "
                + "can count; use a larger batch");
    }
}

/// <summary>The <c>evaluation</c> section of a run: points of the curve on the way. They never change the result, which
/// is measured once, at the end, on the whole validation set.</summary>
public sealed record EvaluationConfig : IValidated
{
    /// <summary>Evaluations spread evenly over the run, beside the final one; 0 for none. Default 10.</summary>
    public int Points { get; init; } = 10;

    /// <summary>Validation sequences used for each, the same every time. Default 64.</summary>
    public int Sequences { get; init; } = 64;

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Points is < 0 or > 100_000) yield return (nameof(Points), "must be between 0 and 100000");
        if (Sequences < 1) yield return (nameof(Sequences), "must be at least 1");
    }

    /// <summary>Whether the curve has a point after a step.</summary>
    public bool IsDue(int stepsDone, int totalSteps)
        => stepsDone < totalSteps && PointOf(stepsDone, totalSteps) != PointOf(stepsDone - 1, totalSteps);

    private long PointOf(int step, int totalSteps) => (long)step * (Points + 1) / totalSteps;
}

/// <summary>The <c>checkpoint</c> section of a run; it never changes the result.</summary>
public sealed record CheckpointConfig : IValidated
{
    /// <summary>Steps between checkpoints; 0 for none by steps. Default 0.</summary>
    public int IntervalSteps { get; init; }

    /// <summary>Seconds between checkpoints; 0 for none by time. Default 600.</summary>
    public double IntervalSeconds { get; init; } = 600;

    /// <summary>How many checkpoints are kept, at least 2: a damaged one has one before it. Default 2.</summary>
    public int Keep { get; init; } = 2;

    /// <summary>Whether the final weights stay, for <c>eval</c> and <c>export</c>. Default true.</summary>
    public bool KeepFinalWeights { get; init; } = true;

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (IntervalSteps < 0) yield return (nameof(IntervalSteps), "must not be negative");
        if (IntervalSeconds < 0) yield return (nameof(IntervalSeconds), "must not be negative");
        if (Keep < 2) yield return (nameof(Keep), "must be at least 2: a damaged checkpoint needs one before it");
    }
}

/// <summary>The <c>execution</c> section of a run: where and how it is computed. It is recorded but no part of the
/// run's identity; it changes results by rounding at most.</summary>
public sealed record ExecutionConfig : IValidated
{
    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>; default <c>cpu</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads within operators; 0 for as many as torch chooses. Default 0.</summary>
    public int Threads { get; init; }

    /// <summary>Workers that share the device, as launchers say: rates are not those of a run alone then. Default
    /// 1.</summary>
    public int WorkersOnDevice { get; init; } = 1;

    /// <summary>Sequences in one pass, whose gradients accumulate; 0 for the whole batch, <c>auto</c> for as many as
    /// fit in memory. Default 0.</summary>
    public MicroBatch MicroBatchSequences { get; init; } = MicroBatch.WholeBatch;

    /// <summary>Whether the backward pass computes each block again, from its input, instead of keeping what it
    /// computed: a third more work for much less memory. Default false.</summary>
    public bool RecomputeActivations { get; init; }

    /// <summary>Steps between lines of the metrics; default 10.</summary>
    public int LogIntervalSteps { get; init; } = 10;

    /// <summary>Whether the metrics are written for TensorBoard as well; default true.</summary>
    public bool Tensorboard { get; init; } = true;

    /// <summary>What is measured of gradients, updates and weights on the way; null for nothing.</summary>
    public DynamicsConfig? Dynamics { get; init; }

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        var parts = Device.Split(':');
        var known = parts is ["cpu"] or ["cuda"]
            || (parts is ["cuda", var index] && int.TryParse(index, out var number) && number >= 0);
        if (!known) yield return (nameof(Device), $"`{Device}` is not a device; use cpu, cuda, or cuda:1");
        if (Threads is < 0 or > 1024) yield return (nameof(Threads), "must be between 0 and 1024");
        if (WorkersOnDevice < 1) yield return (nameof(WorkersOnDevice), "must be at least 1");
        if (LogIntervalSteps < 1) yield return (nameof(LogIntervalSteps), "must be at least 1");
    }
}
