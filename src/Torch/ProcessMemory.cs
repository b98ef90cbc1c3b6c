using System.Runtime.InteropServices;

namespace PretrainBench.Torch;

/// <summary>Memory of this process as the system counts it.</summary>
public static class ProcessMemory
{
    private const string Status = "/proc/self/status";

    /// <summary>The most resident memory so far, in bytes; null on systems other than Linux.</summary>
    public static long? PeakBytes()
    {
        if (!File.Exists(Status)) return null;
        var line = File.ReadLines(Status).First(line => line.StartsWith("VmHWM:", StringComparison.Ordinal));
        // "VmHWM:     1234 kB"
        return 1024 * long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[^2]);
    }

    /// <summary>Whether an exception says that memory is used up: the device's or the machine's.</summary>
    public static bool IsUsedUp(Exception e)
        => e is OutOfMemoryException
            // torch throws its own, with a text.
            || e is ExternalException && (e.Message.Contains("allocate memory", StringComparison.OrdinalIgnoreCase)
                || e.Message.Contains("out of memory", StringComparison.OrdinalIgnoreCase));
}
