namespace PretrainBench.Grids.Claims;

/// <summary>Tells failures of what surrounds a run (disk, file server, a lock that another process holds) from its own:
/// they come and go, whatever is trained, and spend nothing of the run's budget.</summary>
internal static class Disturbance
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1), Most = TimeSpan.FromMinutes(1);

    /// <summary>Whether a file or a folder could not be read or written, here or at the root of it.</summary>
    public static bool Is(Exception? e)
        => e is not null && (e is IOException or UnauthorizedAccessException || Is(e.InnerException));

    /// <summary>How long to leave alone what was disturbed so many times in a row.</summary>
    public static TimeSpan Pause(int times)
        => First * Math.Pow(2, times - 1) is var pause && pause < Most ? pause : Most;
}
