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

/// <summary>Independent pieces of work on all cores. Each piece writes its own slot and owns its random source, so that
/// the number of workers changes nothing but the time.</summary>
/// <param name="cancellation">Stops before the next piece.</param>
internal readonly struct LabParallel(CancellationToken cancellation)
{
    private static readonly AsyncLocal<int> Limit = new();

    /// <summary>Workers of this call context; 0 for one per core. Tests compare 1 with many.</summary>
    public static int Workers
    {
        get => Limit.Value > 0 ? Limit.Value : Environment.ProcessorCount;
        set => Limit.Value = value;
    }

    /// <summary>Runs body(0) … body(count − 1); a single failure is thrown as itself.</summary>
    public void For(int count, Action<int> body)
    {
        var options = new ParallelOptions { CancellationToken = cancellation, MaxDegreeOfParallelism = Workers };
        try
        {
            Parallel.For(0, count, options, body);
        }
        catch (AggregateException error) when (error.InnerExceptions.Count == 1)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Capture(error.InnerExceptions[0]).Throw();
        }
    }
}
