using System.Runtime.InteropServices;

namespace PretrainBench.Torch;

/// <summary>
/// Hands pages that the heap holds for nothing back to the system. glibc before 2.38 never reuses an aligned piece for
/// another of the same size, and libtorch asks for nothing else: a model of 30,000 parameters, whose tensors never take
/// more than 80 MB, fills half a megabyte more at every step, gigabytes in a long run (docs/log.md).
/// </summary>
internal static partial class FreedPages
{
    // Looking takes microseconds, returning pages a tenth of a second: seldom enough to cost nothing.
    private const int StepsBetweenLooks = 16;
    private const long LeastGrowth = 256L << 20;
    private const double MostGrowth = 1.5;

    private static readonly bool IsGlibc
        = RuntimeInformation.RuntimeIdentifier.StartsWith("linux-x64", StringComparison.Ordinal);

    private static int _steps;
    private static long? _usual;

    /// <summary>Between two steps: returns pages when resident memory has grown far beyond what steps need.</summary>
    internal static void ReturnWhenGrown()
    {
        if (!IsGlibc || Interlocked.Increment(ref _steps) % StepsBetweenLooks != 0) return;
        var resident = Environment.WorkingSet;
        // What steps need is seen when some have run, and taken pages again after the last return.
        _usual ??= resident;
        if (resident < Math.Max(_usual.Value + LeastGrowth, MostGrowth * _usual.Value)) return;
        _ = TrimHeap(0);
        _usual = null;
    }

    [LibraryImport("libc", EntryPoint = "malloc_trim")]
    private static partial int TrimHeap(nint keep);
}
