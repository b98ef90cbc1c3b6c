using PretrainBench.Core;
using PretrainBench.Core.Files;
using PretrainBench.Grids.Claims;
using PretrainBench.Training.Results;

namespace PretrainBench.Grids.Status;

/// <summary>Where a run of a grid stands.</summary>
public enum RunStateKind
{
    /// <summary>Nobody has begun it.</summary>
    Waiting,

    /// <summary>Somebody alive trains it.</summary>
    Running,

    /// <summary>Begun and stopped; the next worker goes on from its last checkpoint.</summary>
    Interrupted,

    /// <summary>Trained to its end and evaluated.</summary>
    Done,

    /// <summary>Diverged: a result.</summary>
    Diverged,

    /// <summary>Failed too often, or in a way that no further try would change.</summary>
    Failed,
}

/// <summary>Where a run of a grid stands, read from its files alone.</summary>
/// <param name="Result">Its result, when it has one.</param>
/// <param name="Heartbeat">The last sign of life, when it has been begun.</param>
/// <param name="Message">Why it failed or was disturbed.</param>
/// <param name="Deaths">How many of its newest claims in a row ended with their process.</param>
public sealed record RunState(
    RunStateKind Kind, RunResult? Result = null, Heartbeat? Heartbeat = null, string? Message = null, int Deaths = 0)
{
    /// <summary>How many failures a run may have.</summary>
    public const int FailureBudget = 2;

    /// <summary>How many of its processes may die in a row without getting further than those before.</summary>
    public const int DeathBudget = 3;

    /// <summary>Whether nothing more will be done for it.</summary>
    public bool IsSettled => Kind is RunStateKind.Done or RunStateKind.Diverged or RunStateKind.Failed;

    /// <summary>The last line of why it failed, was disturbed or diverged; empty when there is nothing to
    /// say.</summary>
    public string Reason
        => (Result?.DivergenceReason ?? Message ?? "").TrimEnd().Split('\n')[^1].Trim();

    /// <summary>The loss that tuning compares: infinite when diverged, null while not known. A run that failed says
    /// nothing about its learning rate, so what depends on it waits until the reason is mended.</summary>
    public double? TuningLoss => Kind switch
    {
        RunStateKind.Done => Result!.FinalLoss,
        RunStateKind.Diverged => double.PositiveInfinity,
        _ => null,
    };

    /// <summary>Reads the state of a run from its folder.</summary>
    /// <param name="watch">Judges whether its owner lives.</param>
    /// <param name="runId">The run that it must be; the folder's name when null.</param>
    public static RunState Read(string runFolder, OwnerWatch watch, string? runId = null)
    {
        // As most of a large grid's runs, for most of its time.
        if (FileEntry.KindOf(runFolder) == EntryKind.Nothing) return new RunState(RunStateKind.Waiting);
        try
        {
            foreach (var misplaced in GridLayout.OfRun(runFolder)) throw misplaced.Error;
            if (RunResult.Read(runFolder) is { } result) return OfResult(result, runFolder, runId);
        }
        catch (UserException e) when (!Disturbance.Is(e))
        {
            // Damage concerns its run alone.
            return new RunState(RunStateKind.Failed, Message: e.Message);
        }
        var claims = new ClaimFiles(runFolder);
        var newest = claims.Newest;
        if (newest == 0) return new RunState(RunStateKind.Waiting);
        var heartbeat = claims.HeartbeatOf(newest);
        if (!watch.IsDead(claims, newest)) return new RunState(RunStateKind.Running, Heartbeat: heartbeat);
        return new RunState(Verdict(claims, out var message), Heartbeat: heartbeat,
            Message: message ?? claims.EndOf(newest)?.Message, Deaths: claims.Deaths());
    }

    private static RunState OfResult(RunResult result, string runFolder, string? runId)
    {
        runId ??= Path.GetFileName(Path.TrimEndingDirectorySeparator(runFolder));
        if (result.RunId != runId)
            throw RunResult.Unusable(Path.Combine(runFolder, RunResult.FileName), $"it is that of run {result.RunId}");
        return new(result.Status == RunStatus.Diverged ? RunStateKind.Diverged : RunStateKind.Done, result);
    }

    private static RunStateKind Verdict(ClaimFiles claims, out string? message)
    {
        var failures = claims.Failures();
        message = failures.Count > 0 ? failures[^1].Message : null;
        if (failures.Any(end => end.Final) || failures.Count >= FailureBudget) return RunStateKind.Failed;
        if (claims.FruitlessDeaths() < DeathBudget) return RunStateKind.Interrupted;
        message = $"its process died {DeathBudget} times in a row without getting further; is there enough memory?";
        return RunStateKind.Failed;
    }
}
