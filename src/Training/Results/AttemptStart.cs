using System.Text.Json;

namespace PretrainBench.Training.Results;

/// <summary>From which step an attempt went on: <c>start.json</c> in its folder.</summary>
/// <param name="Step">Optimizer steps done when it began.</param>
internal sealed record AttemptStart(int Step)
{
    private const string FileName = "start.json";

    public static void Write(RunAttempt attempt, int step)
        => AtomicFile.WriteText(Path.Combine(attempt.Folder, FileName),
            JsonSerializer.Serialize(new AttemptStart(step), JsonFormat.Line) + "\n");

    /// <summary>The starts of the attempts that got as far as starting, in order.</summary>
    public static IReadOnlyList<int> ReadAll(RunFolder folder)
        => [.. folder.Attempts().Select(attempt => Path.Combine(attempt.Folder, FileName)).Where(File.Exists)
            .Select(path => JsonSerializer.Deserialize<AttemptStart>(File.ReadAllText(path), JsonFormat.Line)!.Step)];
}
