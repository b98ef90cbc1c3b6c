namespace PretrainBench.Training.Loop;

/// <summary>Why the loop returned.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="DivergedAtStep">The step, counted from 1; null unless diverged.</param>
/// <param name="Reason">Why it counts as diverged; null unless diverged.</param>
internal sealed record LoopEnd(RunOutcome Outcome, int? DivergedAtStep = null, string? Reason = null)
{
    public static LoopEnd Done { get; } = new(RunOutcome.Done);

    public static LoopEnd Preempted { get; } = new(RunOutcome.Preempted);

    public static LoopEnd Diverged(int step, string reason) => new(RunOutcome.Diverged, step, reason);
}
