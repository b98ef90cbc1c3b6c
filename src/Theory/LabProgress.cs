namespace PretrainBench.Theory;

/// <summary>How far a lab has come.</summary>
/// <param name="Stage">What is being computed, in words.</param>
/// <param name="Completed">Units of work done in the whole lab.</param>
/// <param name="Total">Units of work in the whole lab.</param>
public readonly record struct LabProgress(string Stage, int Completed, int Total);

/// <summary>Counts work from any number of threads and passes it on.</summary>
internal sealed class LabProgressCounter(IProgress<LabProgress>? progress, int total)
{
    private int _completed;

    /// <summary>Reports one more unit of work.</summary>
    public void Advance(string stage)
    {
        var completed = Interlocked.Increment(ref _completed);
        progress?.Report(new LabProgress(stage, completed, total));
    }
}
