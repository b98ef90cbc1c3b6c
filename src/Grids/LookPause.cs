using System.Diagnostics;

namespace PretrainBench.Grids;

/// <summary>How long to wait until a grid's files are looked at again. Thousands of runs take a while to look at:
/// looking takes a hundredth of the time at most.</summary>
internal static class LookPause
{
    private const double TimesTheLook = 100;

    /// <summary>The pause after a look.</summary>
    /// <param name="begun">When the look began, a <see cref="Stopwatch"/>'s timestamp.</param>
    /// <param name="least">The shortest pause.</param>
    public static TimeSpan After(long begun, TimeSpan least)
        => TimeSpan.FromTicks(Math.Max(least.Ticks, (TimesTheLook * Stopwatch.GetElapsedTime(begun)).Ticks));
}
