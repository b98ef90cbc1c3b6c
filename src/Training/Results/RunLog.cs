namespace PretrainBench.Training.Results;

/// <summary>Reads the log of a run's newest attempt, and goes on with the next when there is one.</summary>
public sealed class RunLog(string runFolder) : IDisposable
{
    private StreamReader? _reader;

    /// <summary>The attempt that is read, counted from 1; 0 before the first.</summary>
    public int Attempt { get; private set; }

    /// <summary>The file that is read; null before the first attempt.</summary>
    public string? File { get; private set; }

    /// <summary>What has been written since it was last asked, or the newest attempt's whole log; null where there is
    /// nothing new.</summary>
    public string? ReadOn()
    {
        if (_reader?.ReadToEnd() is { Length: > 0 } more) return more;
        if (Newest() is not { } newest || newest.Number == Attempt) return null;
        _reader?.Dispose();
        (Attempt, File) = (newest.Number, LogOf(newest));
        _reader = new StreamReader(
            new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return _reader.ReadToEnd();
    }

    public void Dispose() => _reader?.Dispose();

    // A pipe in a log's place has no end.
    private RunAttempt? Newest()
        => new RunFolder(runFolder).Attempts()
            .LastOrDefault(attempt => FileEntry.KindOf(LogOf(attempt)) == EntryKind.File);

    private static string LogOf(RunAttempt attempt) => Path.Combine(attempt.Folder, RunFolder.LogFile);
}
