namespace PretrainBench.Grids.Claims;

/// <summary>A run that this process has claimed: beats while it lives, and knows when it has been superseded.</summary>
internal sealed class HeldRun : IDisposable
{
    private readonly ClaimFiles _claims;
    private readonly Timer _timer;
    private readonly Lock _gate = new();
    private Heartbeat _state = new(0);
    private bool _over;

    private HeldRun(ClaimFiles claims, int number)
    {
        _claims = claims;
        Number = number;
        Beat();
        _timer = new Timer(_ => BeatQuietly(), null, OwnerWatch.BeatInterval, OwnerWatch.BeatInterval);
    }

    public int Number { get; }

    /// <summary>Whether no newer claim exists: only the newest may write checkpoints and results.</summary>
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
        lock (_gate) _state = new Heartbeat(_state.Counter, tokens, tokensTotal, tokensPerSecond, loss);
    }

    /// <summary>Writes how the claim ended, unless another process has taken the run over.</summary>
    public void End(ClaimEnd end)
    {
        Stop();
        if (IsOwner) _claims.End(Number, end);
    }

    /// <summary>Stops the heart; a claim without an end counts as dead when the process is gone.</summary>
    public void Dispose() => Stop();

    private void Stop()
    {
        lock (_gate) _over = true;
        _timer.Dispose();
    }

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

    private void BeatQuietly()
    {
        try
        {
            Beat();
        }
        catch (Core.UserException e)
        {
            // A full disk stops the run itself soon enough, with a message; a missed beat alone must not end it.
            Serilog.Log.Warning("the heartbeat of claim {Claim} was not written: {Reason}", Number, e.Message);
        }
    }
}
