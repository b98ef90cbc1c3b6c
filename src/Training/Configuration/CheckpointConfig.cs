namespace PretrainBench.Training.Configuration;

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

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (IntervalSteps < 0) yield return (nameof(IntervalSteps), "must not be negative");
        if (IntervalSeconds < 0) yield return (nameof(IntervalSeconds), "must not be negative");
        if (Keep < 2) yield return (nameof(Keep), "must be at least 2: a damaged checkpoint needs one before it");
    }
}
