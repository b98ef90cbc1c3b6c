using System.Text.Json;
using PretrainBench.Core;
using PretrainBench.Core.Files;

namespace PretrainBench.Grids.Claims;

/// <summary>The claims on one run, as files: <c>claims/N/claim.json</c> (created once, by whoever wins),
/// <c>heartbeat.json</c> (rewritten while the owner lives) and <c>ended.json</c> (how it ended). The newest claim owns
/// the run; an older owner that wakes up again sees that and stops.</summary>
public sealed class ClaimFiles(string runFolder)
{
    /// <summary>The folder of claims within a run's.</summary>
    internal const string FolderName = "claims";

    private const string ClaimName = "claim.json";
    private const string HeartbeatName = "heartbeat.json";
    private const string EndName = "ended.json";
    private const string ForgivenName = "forgiven";
    private const int MostBytes = 1 << 16;

    private readonly string _folder = Path.Combine(runFolder, FolderName);

    /// <summary>The newest claim's number; 0 when nobody has tried yet.</summary>
    internal int Newest => Numbers().DefaultIfEmpty(0).Max();

    /// <summary>The folder of one claim, counted from 1.</summary>
    internal string FolderOf(int number) => Path.Combine(_folder, number.ToString());

    /// <summary>The owner of a claim; null when there is no such claim.</summary>
    internal ProcessIdentity? OwnerOf(int number) => Read<ProcessIdentity>(number, ClaimName);

    /// <summary>The last heartbeat of a claim; null before the first.</summary>
    internal Heartbeat? HeartbeatOf(int number) => Read<Heartbeat>(number, HeartbeatName);

    /// <summary>How a claim ended; null while it goes on, or when its process died.</summary>
    internal ClaimEnd? EndOf(int number) => Read<ClaimEnd>(number, EndName);

    /// <summary>Claims the claim after the newest. Exactly one of any number of concurrent callers succeeds.</summary>
    /// <param name="after">The newest claim, as the caller saw it.</param>
    /// <param name="owner">Who claims.</param>
    internal bool TryClaim(int after, ProcessIdentity owner)
        => AtomicFile.TryPublishText(
            Path.Combine(FolderOf(after + 1), ClaimName), JsonSerializer.Serialize(owner, JsonFormat.Line));

    /// <summary>Rewrites the heartbeat, with a larger counter than the last.</summary>
    internal void Beat(int number, Heartbeat heartbeat) => Write(number, HeartbeatName, heartbeat);

    internal void End(int number, ClaimEnd end) => Write(number, EndName, end);

    /// <summary>The failed claims that count against the run's budget.</summary>
    internal IReadOnlyList<ClaimEnd> Failures()
        => [.. Counted().Select(EndOf).OfType<ClaimEnd>().Where(end => end.Kind == ClaimEndKind.Failed)];

    /// <summary>How many of the newest claims in a row ended with their process, without a word and without getting
    /// further than the claims before them. Who died before the first step says nothing about the run, and is passed
    /// over.</summary>
    internal int FruitlessDeaths()
    {
        var deaths = 0;
        var furthest = 0L;
        foreach (var number in Counted())
        {
            var tokens = HeartbeatOf(number)?.Tokens ?? 0;
            var end = EndOf(number);
            if (end is null ? tokens == 0 : end.Kind == ClaimEndKind.Disturbed) continue;
            deaths = end is null && tokens <= furthest ? deaths + 1 : 0;
            furthest = Math.Max(furthest, tokens);
        }
        return deaths;
    }

    /// <summary>How many of the newest claims in a row ended with their process, for whatever reason.</summary>
    internal int Deaths()
        => Numbers().OrderDescending().TakeWhile(number => EndOf(number) is null or { Kind: ClaimEndKind.Disturbed })
            .Count();

    /// <summary>Whether an owner before a claim may still live: one that never ended, and is not known to have
    /// died.</summary>
    internal bool MayStillLive(int before)
        => Numbers().Any(number => number < before && EndOf(number) is null && OwnerOf(number)?.HasEnded != true);

    /// <summary>Ends the claims of a process that is known to have been killed from outside.</summary>
    internal void EndKilled(int processId, string message)
    {
        foreach (var number in Numbers().ToList())
            if (EndOf(number) is null && OwnerOf(number) is { HasEnded: true } owner && owner.ProcessId == processId)
                End(number, new ClaimEnd(ClaimEndKind.Disturbed, message));
    }

    /// <summary>Gives the run a new budget: its failures so far no longer count.</summary>
    public void Forgive()
    {
        var counted = Counted().Where(number => EndOf(number) is null or { Kind: ClaimEndKind.Failed });
        foreach (var number in counted.ToList())
            AtomicFile.WriteText(Path.Combine(FolderOf(number), ForgivenName), "");
    }

    private IEnumerable<int> Counted()
        => Numbers().Where(number => !File.Exists(Path.Combine(FolderOf(number), ForgivenName))).Order();

    private IEnumerable<int> Numbers()
    {
        if (!Directory.Exists(_folder)) yield break;
        foreach (var folder in Directory.EnumerateDirectories(_folder))
            if (int.TryParse(Path.GetFileName(folder), out var number) && number is > 0 and < int.MaxValue
                && File.Exists(Path.Combine(folder, ClaimName)))
                yield return number;
    }

    private T? Read<T>(int number, string name)
        where T : class
    {
        try
        {
            var text = PlainFile.ReadText(Path.Combine(FolderOf(number), name), MostBytes);
            return JsonSerializer.Deserialize<T>(text, JsonFormat.Line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException or UserException)
        {
            return null;
        }
    }

    private void Write<T>(int number, string name, T value)
        => AtomicFile.WriteText(
            Path.Combine(FolderOf(number), name), JsonSerializer.Serialize(value, JsonFormat.Line));
}

/// <summary>A sign of life of a claim, with how far it is.</summary>
/// <param name="Counter">Grows with every beat. Life is judged by its change on the reader's own clock, never by file
/// times.</param>
/// <param name="Tokens">Tokens trained so far.</param>
/// <param name="TokensTotal">Tokens of the whole run; 0 while it still starts.</param>
/// <param name="TokensPerSecond">The current rate.</param>
/// <param name="Loss">The last training loss; null before the first.</param>
/// <param name="Work">Grows with every step, pass of an evaluation and checkpoint: beats without work are those of a
/// process that hangs.</param>
/// <param name="PatienceSeconds">How long <paramref name="Work"/> may stand still before the owner counts as
/// hung.</param>
/// <param name="WorkedAt">When it last grew, on the owner's clock, UTC: for people.</param>
public sealed record Heartbeat(
    long Counter, long Tokens = 0, long TokensTotal = 0, double TokensPerSecond = 0, double? Loss = null,
    long Work = 0, double PatienceSeconds = 0, DateTimeOffset? WorkedAt = null);

/// <summary>How a claim ended.</summary>
internal enum ClaimEndKind
{
    /// <summary>The run has a result.</summary>
    Settled,

    /// <summary>It was asked to stop and saved a checkpoint; costs nothing of the run's budget.</summary>
    Preempted,

    /// <summary>It failed; the message says why.</summary>
    Failed,

    /// <summary>Not the run failed but what surrounds it, see <see cref="Disturbance"/>; costs nothing of the run's
    /// budget.</summary>
    Disturbed,
}

/// <summary>The record of a claim's end.</summary>
/// <param name="Kind">How it ended.</param>
/// <param name="Message">Why, when it failed or was disturbed.</param>
/// <param name="Final">Whether another try could only fail the same way: an impossible configuration.</param>
internal sealed record ClaimEnd(ClaimEndKind Kind, string? Message = null, bool Final = false);
