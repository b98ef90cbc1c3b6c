namespace PretrainBench.Training.Configuration;

/// <summary>The <c>evaluation</c> section of a run: points of the curve on the way. They never change the result, which
/// is measured once, at the end, on the whole validation set.</summary>
public sealed record EvaluationConfig : IValidated
{
    /// <summary>Evaluations spread evenly over the run, beside the final one; 0 for none. Default 10.</summary>
    public int Points { get; init; } = 10;

    /// <summary>Validation sequences used for each, the same every time. Default 64.</summary>
    public int Sequences { get; init; } = 64;

    /// <inheritdoc/>
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
