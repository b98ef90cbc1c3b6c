using System.Text.Json;
using PretrainBench.Core.Files;

namespace PretrainBench.Grids.Claims;

/// <summary>
/// The attempts at one run, as files: <c>attempts/N/claim.json</c> (created once, by whoever wins),
/// <c>heartbeat.json</c> (rewritten while the owner lives) and <c>ended.json</c> (how it ended).
/// The newest attempt owns the run; an older owner that wakes up again sees that and stops.
/// </summary>
/// <param name="runFolder">The run's folder.</param>
public sealed class RunAttempts(string runFolder)
{
    private const string ClaimName = "claim.json";
    private const string HeartbeatName = "heartbeat.json";
    private const string EndName = "ended.json";
    private const string ForgivenName = "forgiven";

    private readonly string _folder = Path.Combine(runFolder, "attempts");

    /// <summary>The newest claimed attempt's number; 0 when nobody has tried yet.</summary>
    public int Newest => Numbers().DefaultIfEmpty(0).Max();

    /// <summary>The folder of one attempt.</summary>
    /// <param name="number">Counted from 1.</param>
    public string FolderOf(int number) => Path.Combine(_folder, number.ToString());

    /// <summary>The owner of an attempt; null when there is no such attempt.</summary>
    /// <param name="number">The attempt.</param>
    public ProcessIdentity? OwnerOf(int number) => Read<ProcessIdentity>(number, ClaimName);

    /// <summary>The last heartbeat of an attempt; null before the first.</summary>
    /// <param name="number">The attempt.</param>
    public Heartbeat? HeartbeatOf(int number) => Read<Heartbeat>(number, HeartbeatName);

    /// <summary>How an attempt ended; null while it goes on, or when its process died.</summary>
    /// <param name="number">The attempt.</param>
    public AttemptEnd? EndOf(int number) => Read<AttemptEnd>(number, EndName);

    /// <summary>Claims the attempt after the newest. Exactly one of any number of concurrent callers succeeds.</summary>
    /// <param name="after">The newest attempt, as the caller saw it.</param>
    /// <param name="owner">Who claims.</param>
    /// <returns>Whether the caller owns attempt <paramref name="after"/> + 1 now.</returns>
    public bool TryClaim(int after, ProcessIdentity owner)
        => AtomicFile.TryPublishText(Path.Combine(FolderOf(after + 1), ClaimName), JsonSerializer.Serialize(owner, JsonLayout.Lines));

    /// <summary>Rewrites the heartbeat.</summary>
    /// <param name="number">The attempt.</param>
    /// <param name="heartbeat">A larger counter than the last.</param>
    public void Beat(int number, Heartbeat heartbeat) => Write(number, HeartbeatName, heartbeat);

    /// <summary>Records how an attempt ended.</summary>
    /// <param name="number">The attempt.</param>
    /// <param name="end">Its end.</param>
    public void End(int number, AttemptEnd end) => Write(number, EndName, end);

    /// <summary>The failed attempts that count against the run's budget.</summary>
    public IReadOnlyList<AttemptEnd> Failures()
        => [.. Numbers().Where(number => !File.Exists(Path.Combine(FolderOf(number), ForgivenName)))
            .Select(EndOf).OfType<AttemptEnd>().Where(end => end.Kind == AttemptEndKind.Failed)];

    /// <summary>Gives the run a new budget: its failures so far no longer count.</summary>
    public void Forgive()
    {
        foreach (var number in Numbers().Where(number => EndOf(number)?.Kind == AttemptEndKind.Failed))
            AtomicFile.WriteText(Path.Combine(FolderOf(number), ForgivenName), "");
    }

    private IEnumerable<int> Numbers()
    {
        if (!Directory.Exists(_folder)) yield break;
        foreach (var folder in Directory.EnumerateDirectories(_folder))
            if (int.TryParse(Path.GetFileName(folder), out var number) && File.Exists(Path.Combine(folder, ClaimName)))
                yield return number;
    }

    private T? Read<T>(int number, string name)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize<T>(File.ReadAllText(Path.Combine(FolderOf(number), name)), JsonLayout.Lines);
        }
        catch (Exception e) when (e is IOException or JsonException)
        {
            return null;
        }
    }

    private void Write<T>(int number, string name, T value)
        => AtomicFile.WriteText(Path.Combine(FolderOf(number), name), JsonSerializer.Serialize(value, JsonLayout.Lines));
}
