namespace PretrainBench.Core;

/// <summary>Which process holds a claim or wrote a file, precisely enough to tell on the same machine whether it still
/// lives: a process number alone is reused, and means nothing on another machine, after a reboot or in another
/// container.</summary>
/// <param name="Host">The machine's name, for people.</param>
/// <param name="Machine">Boot and process namespace: equal only where process numbers mean the same.</param>
/// <param name="StartTicks">The process's start in clock ticks since boot.</param>
public sealed record ProcessIdentity(string Host, string Machine, int ProcessId, long StartTicks)
{
    /// <summary>This process.</summary>
    public static ProcessIdentity Current { get; } = new(
        Environment.MachineName, MachineToken(), Environment.ProcessId, StartTicksOf(Environment.ProcessId) ?? 0);

    /// <summary>Whether the process is known to have ended: null when this machine cannot know.</summary>
    public bool? HasEnded
        => Machine.Length == 0 || Machine != Current.Machine ? null : StartTicksOf(ProcessId) != StartTicks;

    private static string MachineToken()
    {
        try
        {
            var boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            var space = new FileInfo("/proc/self/ns/pid").LinkTarget;
            return space is null ? "" : $"{boot}/{space}";
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }

    // Field 22 of /proc/PID/stat; null for a process that is gone or only waits to be reaped.
    private static long? StartTicksOf(int processId)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{processId}/stat");
            // The second field is the program's name in parentheses and may hold spaces and parentheses itself.
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return fields[0] is "Z" or "X" ? null : long.Parse(fields[19]);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
