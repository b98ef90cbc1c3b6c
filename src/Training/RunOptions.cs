using PretrainBench.Training.Loop;
using Serilog;

namespace PretrainBench.Training;

/// <summary>How a run ended this time.</summary>
public enum RunOutcome
{
    /// <summary>Trained and evaluated; the result is there.</summary>
    Done,

    /// <summary>The loss left every bound; the result says so.</summary>
    Diverged,

    /// <summary>Told to stop; a checkpoint is there, and the same call goes on from it.</summary>
    Preempted,
}

/// <summary>Who is told about a run, how it is stopped, and what it shares with others.</summary>
public sealed record RunOptions
{
    /// <summary>Gets what is worth knowing; the attempt's <c>log.txt</c> gets it as well.</summary>
    public ILogger Logger { get; init; } = Serilog.Core.Logger.None;

    /// <summary>Told after every step; on the training thread, so that it must return quickly.</summary>
    public IProgress<TrainProgress>? Progress { get; init; }

    /// <summary>Called whenever something has been done that may take long: a step, a pass of an evaluation, a
    /// checkpoint; on the training thread. A run that no longer calls it hangs.</summary>
    public Action? Worked { get; init; }

    /// <summary>When cancelled, the run saves a checkpoint after the step at hand and ends as
    /// <see cref="RunOutcome.Preempted"/>: where a notice of pre-emption goes.</summary>
    public CancellationToken Stop { get; init; }

    /// <summary>Asked before metrics, a checkpoint or a result are written; false when this process no longer holds
    /// the run (its claim was taken over), which ends the run with an error instead of writing. Null: always
    /// true.</summary>
    public Func<bool>? StillOwner { get; init; }

    /// <summary>A run with the same beginning, whose checkpoint this one takes up in place of its first steps; null:
    /// from the first step. The result has the same bits either way.</summary>
    public RunTrunk? Trunk { get; init; }

    /// <summary>Where others leave this run as their trunk: steps whose checkpoints stay, beyond its end too, until
    /// <see cref="RunSession.DropCheckpoints"/>.</summary>
    public IReadOnlyList<int> BranchSteps { get; init; } = [];

    /// <summary>What the run's settings are called where it is compared with others, such as the name of a size:
    /// TensorBoard shows these instead of the run's own.</summary>
    public IReadOnlyDictionary<string, string> Labels { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether this process has taken the run from one that may still live, though stopped or hung: the lock
    /// that it holds no longer counts, and <see cref="StillOwner"/> keeps it from writing.</summary>
    public bool TakesOver { get; init; }
}
