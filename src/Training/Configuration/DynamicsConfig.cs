namespace PretrainBench.Training.Configuration;

/// <summary>The <c>execution.dynamics</c> section of a run: norms of gradients, updates and weights, and spectra of
/// matrices, measured on the way. They never change training.</summary>
public sealed record DynamicsConfig : IValidated
{
    /// <summary>Steps between measurements; default 50.</summary>
    public int IntervalSteps { get; init; } = 50;

    /// <summary>Whose spectra: names of matrices, in which <c>*</c> stands for anything. Default all.</summary>
    public IReadOnlyList<string> Matrices { get; init; } = ["*"];

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (IntervalSteps < 1) yield return (nameof(IntervalSteps), "must be at least 1");
    }
}
