using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace PretrainBench.Torch;

/// <summary>Pieces of work at once on the CPU, each thread with torch's operations on that thread alone. Matrices of a
/// few hundred rows gain little from threads inside an operation (an eigendecomposition of 256 rows takes twice as long
/// on two threads as on one).</summary>
public static class SideBySide
{
    /// <summary>Does all pieces, in any order, on as many threads as torch has.</summary>
    /// <param name="work">Does one, by its number; must touch nothing that belongs to another, and its results may not
    /// outlive it in a dispose scope.</param>
    public static void ForEach(int count, Action<int> work)
    {
        var threads = get_num_threads();
        if (threads == 1 || count < 2)
        {
            for (var piece = 0; piece < count; piece++) work(piece);
            return;
        }
        var next = -1;
        try
        {
            Parallel.For(0, Math.Min(threads, count), _ =>
            {
                // Torch counts threads for each thread that calls it.
                set_num_threads(1);
                using var noGradient = no_grad();
                for (int piece; (piece = Interlocked.Increment(ref next)) < count;) work(piece);
            });
        }
        catch (AggregateException several)
        {
            ExceptionDispatchInfo.Throw(several.InnerExceptions[0]);
        }
        finally
        {
            set_num_threads(threads);
        }
    }
}
