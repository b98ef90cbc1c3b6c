using System.Runtime.ExceptionServices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>Work on several parameters at once, each thread with torch's operations on that thread alone. Matrices of a
/// few hundred rows gain little from threads inside an operation (an eigendecomposition of 256 rows takes twice as long
/// on two threads as on one).</summary>
internal static class SideBySide
{
    /// <summary>Calls the work for every parameter, in any order, on as many threads as torch has; in order on a GPU or
    /// on one thread.</summary>
    /// <param name="work">What to do with one; must touch nothing that belongs to another, and results may not outlive
    /// it in a dispose scope.</param>
    public static void ForEach(IReadOnlyList<ParameterSlot> slots, Action<ParameterSlot> work)
    {
        var threads = get_num_threads();
        if (threads == 1 || slots.Count < 2 || !slots[0].Weight.is_cpu())
        {
            foreach (var slot in slots) work(slot);
            return;
        }
        var next = -1;
        try
        {
            Parallel.For(0, Math.Min(threads, slots.Count), _ =>
            {
                // Torch counts threads for each thread that calls it.
                set_num_threads(1);
                using var noGradient = no_grad();
                for (int i; (i = Interlocked.Increment(ref next)) < slots.Count;) work(slots[i]);
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
