using System.Diagnostics;
using System.Globalization;

namespace PretrainBench.Grids.Claims;

/// <summary>Judges whether a claim's owner is dead, stopped or hung. On the owner's machine the process table says at
/// once that it is dead. Otherwise, and for an owner that exists but does nothing, its heartbeat says so: no beat for
/// <paramref name="timeToLive"/>, or beats but no work done for as long as the owner itself said to be patient. Both
/// count the time in which this reader looked, on its own clock: a reader that was stopped itself has seen
/// nothing.</summary>
/// <param name="timeToLive">How long an unchanged heartbeat is believed.</param>
/// <param name="clock">The reader's monotonic clock; for tests.</param>
public sealed class OwnerWatch(TimeSpan timeToLive, Func<TimeSpan>? clock = null)
{
    /// <summary>The environment variable that replaces <see cref="DefaultTimeToLive"/>, in seconds: for file servers
    /// that stall longer, and for tests.</summary>
    public const string TimeToLiveVariable = "PRETRAINBENCH_TIME_TO_LIVE";

    internal static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(2);

    // A longer time between two looks counts as this much: in the rest of it nobody looked.
    private static readonly TimeSpan MostBetweenLooks = TimeSpan.FromSeconds(10);

    /// <summary>How long an unchanged heartbeat is believed: long enough for a machine or file server that stalls.
    /// 90 s unless <see cref="TimeToLiveVariable"/> says otherwise.</summary>
    public static TimeSpan DefaultTimeToLive { get; } = TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable(TimeToLiveVariable), NumberStyles.Float,
            CultureInfo.InvariantCulture, out var seconds) && seconds is > 0 and < 1e6 ? seconds : 90);

    private readonly Dictionary<string, Observation> _seen = [];
    private readonly Func<TimeSpan> _clock = clock ?? (() => Stopwatch.GetElapsedTime(0));

    /// <summary>Whether the newest claim of a run may be taken over.</summary>
    internal bool IsDead(ClaimFiles claims, int number)
    {
        if (claims.EndOf(number) is not null) return true;
        if (claims.OwnerOf(number)?.HasEnded == true) return true;
        var key = claims.FolderOf(number);
        var beat = claims.HeartbeatOf(number) ?? new Heartbeat(0);
        var now = _clock();
        if (!_seen.TryGetValue(key, out var last)) last = new Observation(beat, now, TimeSpan.Zero, TimeSpan.Zero);
        var looked = now - last.At < MostBetweenLooks ? now - last.At : MostBetweenLooks;
        var seen = _seen[key] = new Observation(beat, now,
            beat.Counter == last.Beat.Counter ? last.WithoutBeat + looked : TimeSpan.Zero,
            beat.Work == last.Beat.Work ? last.WithoutWork + looked : TimeSpan.Zero);
        return seen.WithoutBeat > timeToLive
            || (beat.PatienceSeconds > 0 && seen.WithoutWork.TotalSeconds > beat.PatienceSeconds);
    }

    private readonly record struct Observation(
        Heartbeat Beat, TimeSpan At, TimeSpan WithoutBeat, TimeSpan WithoutWork);
}
