namespace PretrainBench.Grids.Claims;

/// <summary>A sign of life of a claim, with how far it is.</summary>
/// <param name="Counter">Grows with every beat. Life is judged by its change on the reader's own clock, never by file
/// times.</param>
/// <param name="Tokens">Tokens trained so far.</param>
/// <param name="TokensTotal">Tokens of the whole run; 0 while it still starts.</param>
/// <param name="TokensPerSecond">The current rate.</param>
/// <param name="Loss">The last training loss; null before the first.</param>
public sealed record Heartbeat(
    long Counter, long Tokens = 0, long TokensTotal = 0, double TokensPerSecond = 0, double? Loss = null);

/// <summary>How a claim ended.</summary>
internal enum ClaimEndKind
{
    /// <summary>The run has a result.</summary>
    Settled,

    /// <summary>It was asked to stop and saved a checkpoint; costs nothing of the run's budget.</summary>
    Preempted,

    /// <summary>It failed; the message says why.</summary>
    Failed,
}

/// <summary>The record of a claim's end.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Message">Why, when it failed.</param>
/// <param name="Final">Whether another try could only fail the same way: an impossible configuration.</param>
internal sealed record ClaimEnd(ClaimEndKind Kind, string? Message = null, bool Final = false);
