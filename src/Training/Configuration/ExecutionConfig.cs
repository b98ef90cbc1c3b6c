namespace PretrainBench.Training.Configuration;

/// <summary>The <c>execution</c> section of a run: where and how it is computed. It is recorded but no part of the
/// run's identity; it changes results by rounding at most.</summary>
public sealed record ExecutionConfig : IValidated
{
    /// <summary><c>cpu</c>, <c>cuda</c> or <c>cuda:1</c>; default <c>cpu</c>.</summary>
    public string Device { get; init; } = "cpu";

    /// <summary>Threads within operators; 0 for as many as torch chooses. Default 0.</summary>
    public int Threads { get; init; }

    /// <summary>Sequences in one pass, whose gradients accumulate; 0 for the whole batch. Default 0.</summary>
    public int MicroBatchSequences { get; init; }

    /// <summary>Steps between lines of the metrics; default 10.</summary>
    public int LogIntervalSteps { get; init; } = 10;

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Validate()
    {
        var parts = Device.Split(':');
        var known = parts is ["cpu"] or ["cuda"]
            || (parts is ["cuda", var index] && int.TryParse(index, out var number) && number >= 0);
        if (!known) yield return (nameof(Device), $"`{Device}` is not a device; use cpu, cuda, or cuda:1");
        if (Threads is < 0 or > 1024) yield return (nameof(Threads), "must be between 0 and 1024");
        if (MicroBatchSequences < 0) yield return (nameof(MicroBatchSequences), "must not be negative");
        if (LogIntervalSteps < 1) yield return (nameof(LogIntervalSteps), "must be at least 1");
    }
}
