using System.Text.Json;

namespace PretrainBench.Training.Results;

/// <summary>Reads the curves of a run over all its attempts.</summary>
public static class RunMetrics
{
    /// <summary>The lines of all attempts in order of steps. Where a later attempt went over steps again, its lines
    /// count, not those of the attempt before; a line cut short by a crash is passed over.</summary>
    public static IReadOnlyList<MetricsLine> Read(string runFolder)
    {
        var lines = new List<MetricsLine>();
        foreach (var attempt in new RunFolder(runFolder).Attempts())
        {
            var path = Path.Combine(attempt.Folder, RunFolder.MetricsFile);
            // A pipe in its place has no end; `grid verify` names it.
            if (FileEntry.KindOf(path) != EntryKind.File) continue;
            var own = ReadFile(path).ToList();
            if (own.Count == 0) continue;
            lines.RemoveAll(line => line.Step >= own[0].Step);
            lines.AddRange(own);
        }
        return lines;
    }

    private static IEnumerable<MetricsLine> ReadFile(string path)
    {
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } text)
        {
            MetricsLine? line = null;
            try
            {
                line = JsonSerializer.Deserialize<MetricsLine>(text, JsonFormat.Line);
            }
            catch (JsonException)
            {
                // Cut short when the machine went down; the next attempt writes the step again.
            }
            if (line is not null) yield return line;
        }
    }
}
