using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace PretrainBench.Data;

/// <summary>Work on all cores whose failure is that of one of its items.</summary>
internal static class AllCores
{
    public static void ForEach<T>(
        IEnumerable<T> items, Action<T, ParallelLoopState> work, CancellationToken cancellation)
        => Run(() => Parallel.ForEach(OneByOne(items), Options(cancellation), work));

    /// <param name="begin">Makes what a thread adds up in.</param>
    /// <param name="finish">Takes that when the thread is done.</param>
    public static void ForEach<T, TSum>(IEnumerable<T> items, Func<TSum> begin, Action<T, TSum> work,
        Action<TSum> finish, CancellationToken cancellation)
        => Run(() => Parallel.ForEach(OneByOne(items), Options(cancellation), begin, (item, _, sum) =>
        {
            work(item, sum);
            return sum;
        }, finish));

    private static OrderablePartitioner<T> OneByOne<T>(IEnumerable<T> items)
        => Partitioner.Create(items, EnumerablePartitionerOptions.NoBuffering);

    private static ParallelOptions Options(CancellationToken cancellation)
        => new() { CancellationToken = cancellation, MaxDegreeOfParallelism = Environment.ProcessorCount };

    private static void Run(Action work)
    {
        try
        {
            work();
        }
        catch (AggregateException e)
        {
            // Items that stopped because another failed say nothing of why.
            var causes = e.Flatten().InnerExceptions;
            ExceptionDispatchInfo.Throw(causes.FirstOrDefault(cause => cause is not OperationCanceledException)
                ?? causes[0]);
        }
    }
}
