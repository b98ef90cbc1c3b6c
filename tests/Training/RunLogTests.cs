using PretrainBench.Training.Results;

namespace PretrainBench.Training.Tests;

public sealed class RunLogTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-log-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_newest_attempt_with_a_log_is_read_and_the_next_when_it_comes()
    {
        using var log = new RunLog(_folder);
        Assert.Null(log.ReadOn());
        Write(1, "first\n");
        Write(2, "second\n");
        Directory.CreateDirectory(Path.Combine(_folder, "attempts", "10"));
        Assert.Equal(("second\n", 2), (log.ReadOn(), log.Attempt));
        Assert.Null(log.ReadOn());
        Write(2, "more ×\n");
        Write(10, "third\n");
        Assert.Equal(("more ×\n", 2), (log.ReadOn(), log.Attempt));
        Assert.Equal(("third\n", 10), (log.ReadOn(), log.Attempt));
        Assert.Equal(Place(10), log.File);
        Assert.Null(log.ReadOn());
    }

    private string Place(int attempt) => Path.Combine(_folder, "attempts", $"{attempt}", "log.txt");

    private void Write(int attempt, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Place(attempt))!);
        File.AppendAllText(Place(attempt), text);
    }
}
