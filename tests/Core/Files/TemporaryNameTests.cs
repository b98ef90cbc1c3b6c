using PretrainBench.Core.Files;

namespace PretrainBench.Core.Tests.Files;

public sealed class TemporaryNameTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-temporary-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_a_dead_writer_of_this_machine_left_goes_and_nothing_else()
    {
        var living = TemporaryName.Beside(Path.Combine(_folder, "claim.json"));
        var current = ProcessIdentity.Current;
        var dead = living.Replace($"-{current.ProcessId}-{current.StartTicks}.", $"-{current.ProcessId}-1.");
        var elsewhere = Path.Combine(_folder, ".claim.json.0123456789ab-7-7." + new string('a', 32) + ".tmp");
        var folder = Path.Combine(_folder, "below", Path.GetFileName(dead));
        foreach (var file in new[] { living, dead, elsewhere, Path.Combine(_folder, "claim.json") })
            File.WriteAllText(file, "");
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "weights"), "");
        Assert.All([living, dead, elsewhere, folder], name => Assert.True(TemporaryName.Is(name)));
        Assert.False(TemporaryName.Is("claim.json"));

        TemporaryName.Clear(_folder, depth: 1);

        Assert.Equal(new[] { living, elsewhere, Path.Combine(_folder, "claim.json") }.Order(),
            Directory.EnumerateFiles(_folder, "*", SearchOption.AllDirectories).Order());
        Assert.False(Directory.Exists(folder));
    }
}
