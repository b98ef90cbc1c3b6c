namespace PretrainBench.Training;

/// <summary>Where a run's files are: <c>config.yaml</c>, <c>result.json</c>, <c>weights.safetensors</c>,
/// <c>averaged.safetensors</c> and <c>attempts/&lt;n&gt;/{metrics.jsonl, log.txt, checkpoints/}</c>. Every start of the
/// run is an attempt with a folder of its own, so that no two processes ever write to the same file.</summary>
/// <param name="Folder">The run's folder.</param>
internal sealed record RunFolder(string Folder)
{
    internal const string MetricsFile = "metrics.jsonl";
    internal const string LogFile = "log.txt";
    private const string OwnerFile = "owner.json";

    public string ConfigPath => Path.Combine(Folder, "config.yaml");

    /// <summary>The identity of the run that the folder belongs to.</summary>
    public string IdentityPath => Path.Combine(Folder, "run_id");

    /// <summary>The weights at the end of the schedule, as they were evaluated.</summary>
    public string FinalWeightsPath => Path.Combine(Folder, "weights.safetensors");

    /// <summary>The average of the weights at the end, where one was kept.</summary>
    public string AveragedWeightsPath => Path.Combine(Folder, "averaged.safetensors");

    /// <summary>The attempts so far, first to last.</summary>
    public IReadOnlyList<RunAttempt> Attempts()
    {
        var folder = Path.Combine(Folder, "attempts");
        if (!Directory.Exists(folder)) return [];
        return [.. Directory.EnumerateDirectories(folder)
            .Select(path =>
                (Path: path, IsNumber: int.TryParse(Path.GetFileName(path), out var number), Number: number))
            .Where(entry => entry.IsNumber).OrderBy(entry => entry.Number)
            .Select(entry => new RunAttempt(entry.Number, entry.Path))];
    }

    /// <summary>Begins the next attempt; when two processes try at once, each gets a folder of its own.</summary>
    /// <exception cref="UserException">The place cannot be written.</exception>
    internal RunAttempt BeginAttempt()
    {
        var attempts = Attempts();
        for (var number = attempts.Count == 0 ? 1 : attempts[^1].Number + 1; ; number++)
        {
            var attempt = new RunAttempt(number, Path.Combine(Folder, "attempts", $"{number}"));
            var owner = $"{{\"process\": {Environment.ProcessId}, \"machine\": \"{Environment.MachineName}\"}}\n";
            if (!AtomicFile.TryPublishText(Path.Combine(attempt.Folder, OwnerFile), owner)) continue;
            Directory.CreateDirectory(attempt.CheckpointsFolder);
            return attempt;
        }
    }

    /// <summary>Holds the run for this process until disposed; the system lets go when the process dies. A second
    /// process is refused instead of training the same run twice.</summary>
    /// <param name="takesOver">Whether whoever holds it has been superseded: see
    /// <see cref="RunOptions.TakesOver"/>.</param>
    /// <exception cref="UserException">Another process trains this run.</exception>
    internal FileStream Lock(bool takesOver)
    {
        var path = Path.Combine(Folder, ".lock");
        try
        {
            return Take();
        }
        catch (UserException) when (takesOver && File.Exists(path))
        {
            // The other's lock goes with its file; what counts from now on is a file of the same name.
            File.Delete(path);
            return Take();
        }

        FileStream Take() => LockFile.Take(path,
            $"{Folder}: another process trains this run; wait for it, or choose another folder");
    }
}

/// <summary>One start of a run.</summary>
/// <param name="Number">Counted from 1.</param>
internal sealed record RunAttempt(int Number, string Folder)
{
    public string CheckpointsFolder => Path.Combine(Folder, "checkpoints");
}
