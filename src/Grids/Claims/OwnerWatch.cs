using System.Diagnostics;

namespace PretrainBench.Grids.Claims;

/// <summary>Judges whether a claim's owner is dead. On the owner's machine the process table says so at once; elsewhere
/// a heartbeat that has not changed for <paramref name="timeToLive"/> on this reader's own clock does.</summary>
/// <param name="timeToLive">How long an unchanged heartbeat is believed.</param>
/// <param name="clock">The reader's monotonic clock; for tests.</param>
public sealed class OwnerWatch(TimeSpan timeToLive, Func<TimeSpan>? clock = null)
{
    internal static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(2);

    /// <summary>How long an unchanged heartbeat is believed: long enough for a machine or file server that
    /// stalls.</summary>
    public static readonly TimeSpan DefaultTimeToLive = TimeSpan.FromSeconds(90);

    private readonly Dictionary<string, (long Counter, TimeSpan Since)> _seen = [];
    private readonly Func<TimeSpan> _clock = clock ?? (() => Stopwatch.GetElapsedTime(0));

    /// <summary>Whether the newest claim of a run may be taken over.</summary>
    internal bool IsDead(ClaimFiles claims, int number)
    {
        if (claims.EndOf(number) is not null) return true;
        if (claims.OwnerOf(number) is not { } owner) return false;
        if (owner.HasEnded is { } ended) return ended;
        var key = claims.FolderOf(number);
        var counter = claims.HeartbeatOf(number)?.Counter ?? 0;
        var now = _clock();
        if (!_seen.TryGetValue(key, out var last) || last.Counter != counter)
        {
            _seen[key] = (counter, now);
            return false;
        }
        return now - last.Since > timeToLive;
    }
}
