using System.Diagnostics;
using PretrainBench.Core;

namespace PretrainBench.Grids.Claims;

/// <summary>A run that this process has claimed: beats while it lives, says when it last did something, and knows when
/// it has been superseded.</summary>
internal sealed class HeldRun : IDisposable
{
    /// <summary>How long nothing may be done before the owner counts as hung, at the least.</summary>
    internal static readonly TimeSpan LeastPatience = TimeSpan.FromMinutes(10);

    // What took this many times longer than anything before it will hardly end.
    private const double PatienceFactor = 20;

    private readonly ClaimFiles _claims;
    private readonly Timer _timer;
    private readonly Lock _gate = new();
    private Heartbeat _state = new(0, PatienceSeconds: LeastPatience.TotalSeconds, WorkedAt: DateTimeOffset.UtcNow);
    private long _workedAt = Stopwatch.GetTimestamp();
    private bool _over;

    private HeldRun(ClaimFiles claims, int number)
    {
        _claims = claims;
        Number = number;
        TakesOver = claims.MayStillLive(number);
        BeatQuietly();
        _timer = new Timer(_ => BeatQuietly(), null, OwnerWatch.BeatInterval, OwnerWatch.BeatInterval);
    }

    public int Number { get; }

    /// <summary>Whether an earlier owner may still live, stopped or hung.</summary>
    public bool TakesOver { get; }

    /// <summary>Whether no newer claim exists: only the newest may write metrics, checkpoints and results.</summary>
    public bool IsOwner => _claims.Newest == Number;

    /// <summary>Claims a run; null when someone alive holds it or wins the race for it.</summary>
    public static HeldRun? TryTake(ClaimFiles claims, OwnerWatch watch)
    {
        var newest = claims.Newest;
        if (newest > 0 && !watch.IsDead(claims, newest)) return null;
        return claims.TryClaim(newest, ProcessIdentity.Current) ? new HeldRun(claims, newest + 1) : null;
    }

    /// <summary>Tells how far the run is; shown with the next beat.</summary>
    public void Report(long tokens, long tokensTotal, double tokensPerSecond, double? loss)
    {
        lock (_gate)
            _state = _state with
            {
                Tokens = tokens,
                TokensTotal = tokensTotal,
                TokensPerSecond = tokensPerSecond,
                Loss = loss,
            };
    }

    /// <summary>Tells how long the first step may take.</summary>
    public void BePatient(TimeSpan firstStep)
    {
        lock (_gate) _state = _state with { PatienceSeconds = (LeastPatience + firstStep).TotalSeconds };
    }

    /// <summary>Tells that something has been done: a step, a pass of an evaluation. What takes long once may take long
    /// again.</summary>
    public void Worked()
    {
        lock (_gate)
        {
            var patience = PatienceFactor * Stopwatch.GetElapsedTime(_workedAt).TotalSeconds;
            _workedAt = Stopwatch.GetTimestamp();
            _state = _state with
            {
                Work = _state.Work + 1,
                WorkedAt = DateTimeOffset.UtcNow,
                PatienceSeconds = Math.Max(_state.PatienceSeconds, patience),
            };
        }
    }

    /// <summary>Writes how the claim ended, unless another process has taken the run over.</summary>
    public void End(ClaimEnd end)
    {
        Stop();
        if (IsOwner) _claims.End(Number, end);
    }

    /// <summary>Stops the heart; a claim without an end counts as dead when the process is gone.</summary>
    public void Dispose() => Stop();

    /// <summary>Writes a sign of life; the timer does.</summary>
    internal void Beat()
    {
        lock (_gate)
        {
            // An owner that was taken for dead and wakes up says nothing any more.
            if (_over || !IsOwner) return;
            _state = _state with { Counter = _state.Counter + 1 };
            _claims.Beat(Number, _state);
        }
    }

    private void Stop()
    {
        lock (_gate) _over = true;
        _timer.Dispose();
    }

    private void BeatQuietly()
    {
        try
        {
            Beat();
        }
        catch (Exception e) when (Disturbance.Is(e))
        {
            // A full disk stops the run itself soon enough, with a message; a missed beat alone must not end it.
            Serilog.Log.Warning("the heartbeat of claim {Claim} was not written: {Reason}", Number, e.Message);
        }
    }
}
