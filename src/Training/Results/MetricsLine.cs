namespace PretrainBench.Training.Results;

/// <summary>One line of <c>metrics.jsonl</c>: a logged training step, or a point of the validation curve.</summary>
public sealed record MetricsLine
{
    public required int Step { get; init; }

    public required long Tokens { get; init; }

    /// <summary>Mean training loss since the line before, in nats per token, z-loss included.</summary>
    public double? TrainingLoss { get; init; }

    /// <summary>Loss on validation sequences, in nats per token.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The same in bits per byte.</summary>
    public double? BitsPerByte { get; init; }

    /// <summary>Loss of the averaged weights on the same sequences, in nats per token.</summary>
    public double? AveragedLoss { get; init; }

    /// <summary>Whether <see cref="ValidationLoss"/> is over the whole validation set at the schedule's end.</summary>
    public bool? Final { get; init; }

    /// <summary>Global norm of the gradient before clipping, in the step just done.</summary>
    public double? GradientNorm { get; init; }

    /// <summary>The schedule's factor of the peak learning rate in the step just done.</summary>
    public double? ScheduleFactor { get; init; }

    /// <summary>Tokens per second since the line before.</summary>
    public double? TokensPerSecond { get; init; }

    /// <summary>Seconds of training so far, all attempts together.</summary>
    public double? TrainingSeconds { get; init; }

    /// <summary>What the step just done did to the parameters of each role.</summary>
    public IReadOnlyDictionary<string, GroupDynamics>? Groups { get; init; }

    /// <summary>Spectra of matrices, by name.</summary>
    public IReadOnlyDictionary<string, MatrixSpectrum>? Matrices { get; init; }

    /// <summary>A number as lines have it; null for one that is none, which JSON does not know.</summary>
    internal static double? Finite(double value) => double.IsFinite(value) ? value : null;
}
