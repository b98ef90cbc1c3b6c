using PretrainBench.Grids.Launching;
using Serilog;

namespace PretrainBench.Grids.Working;

/// <summary>The Slurm job in which this worker runs. A notice (pre-emption, the time limit) is answered by asking to be
/// queued again: who ends after a notice without that has failed, to Slurm. SIGTERM is not: it comes with a
/// cancellation, with a requeue by others and at the end of a grace period, and Slurm itself does what is right
/// then.</summary>
public sealed class SlurmJob
{
    /// <summary>Set for the workers that `grid launch` submitted.</summary>
    internal const string SubmissionVariable = "PRETRAINBENCH_SUBMISSION";

    private SlurmJob(string id) => Id = id;

    /// <summary>Of a task, ARRAY_TASK: its own number may be its array's as well, and then means all of it.</summary>
    internal string Id { get; }

    /// <summary>The job of this process; null where none is.</summary>
    public static SlurmJob? Current { get; } = Of(Environment.GetEnvironmentVariable);

    /// <summary>The job that an environment tells of.</summary>
    internal static SlurmJob? Of(Func<string, string?> variable)
        => variable(SubmissionVariable) is null || variable("SLURM_JOB_ID") is not { } id ? null
            : new(variable("SLURM_ARRAY_JOB_ID") is { } array ? $"{array}_{variable("SLURM_ARRAY_TASK_ID")}" : id);

    /// <summary>The time until Slurm ends the job; null where it has no limit, or Slurm does not say.</summary>
    public TimeSpan? TimeLeft()
        => ExternalTool.Run("squeue", "--noheader", $"--job={Id}", "--format=%L") is { ExitCode: 0 } answer
            ? ParseTime(answer.Output.Trim()) : null;

    /// <summary>Asks to be queued again; the job's process may be ended from now on.</summary>
    public void Requeue()
    {
        var answer = ExternalTool.Run("scontrol", "requeue", Id);
        if (answer is { ExitCode: 0 }) Log.Information("job {Job} is queued again", Id);
        else Log.Warning("job {Job} cannot be queued again ({Reason}); `grid launch` submits what is left", Id,
            answer?.Error.Trim() ?? "there is no scontrol here");
    }

    /// <summary>Reads <c>[days-][hours:]minutes:seconds</c>; null for words.</summary>
    internal static TimeSpan? ParseTime(string text)
    {
        var parts = text.Split('-', ':');
        if (!parts.All(part => int.TryParse(part, out _))) return null;
        var numbers = parts.Select(int.Parse).Reverse().ToList();
        return numbers.Count is < 2 or > 4 ? null
            : new TimeSpan(numbers.ElementAtOrDefault(3), numbers.ElementAtOrDefault(2), numbers[1], numbers[0]);
    }
}
