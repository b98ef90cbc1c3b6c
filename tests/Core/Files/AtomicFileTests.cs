using PretrainBench.Core.Files;

namespace PretrainBench.Core.Tests.Files;

public sealed class AtomicFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-core-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Target => Path.Combine(_folder, "inner", "result.json");

    [Fact]
    public void Writes_into_a_folder_that_did_not_exist_and_leaves_nothing_aside()
    {
        AtomicFile.WriteText(Target, "one");
        AtomicFile.WriteText(Target, "two");
        Assert.Equal("two", File.ReadAllText(Target));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public void A_file_that_would_be_too_large_is_named_with_what_to_do()
    {
        AtomicFile.WriteText(Target, "old");
        var error = Assert.Throws<UserException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.Position = long.MaxValue - 8;
            stream.Write("end"u8);
            stream.Flush();
        }));
        Assert.Contains(Target, error.Message, StringComparison.Ordinal);
        Assert.IsAssignableFrom<IOException>(error.InnerException);
        Assert.Equal("old", File.ReadAllText(Target));
    }

    [Fact]
    public void A_failed_write_keeps_the_old_content_and_cleans_up()
    {
        AtomicFile.WriteText(Target, "old");
        var error = Assert.Throws<UserException>(() => AtomicFile.Write(Target, stream =>
        {
            stream.Write("half"u8);
            throw new IOException("No space left on device.");
        }));
        Assert.Contains("No space left on device", error.Message);
        Assert.Equal(ExitCodes.Failed, error.ExitCode);
        Assert.Equal("old", File.ReadAllText(Target));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public async Task Of_many_publishers_exactly_one_wins()
    {
        var wins = await Task.WhenAll(Enumerable.Range(0, 16)
            .Select(i => Task.Run(() => AtomicFile.TryPublishText(Target, $"{i}") ? i : -1)));
        var winner = Assert.Single(wins, i => i >= 0);
        Assert.Equal($"{winner}", File.ReadAllText(Target));
        Assert.Single(Directory.GetFiles(Path.GetDirectoryName(Target)!));
    }

    [Fact]
    public void Where_links_fail_a_taken_name_stays_as_it_is_and_half_a_copy_goes()
    {
        AtomicFile.WriteText(Target, "first");
        var later = Target + ".later";
        AtomicFile.WriteText(later, "later");
        Assert.False(ExclusiveName.TryCopy(later, Target));
        Assert.Equal("first", File.ReadAllText(Target));
        Assert.True(ExclusiveName.TryCopy(later, Target + ".free"));
        Assert.Equal("later", File.ReadAllText(Target + ".free"));
        Assert.ThrowsAny<IOException>(() => ExclusiveName.TryCopy(Target + ".missing", Target + ".broken"));
        Assert.False(File.Exists(Target + ".broken"));
    }

    [Fact]
    public async Task Races_of_two_publishers_have_one_winner_each()
    {
        const int races = 1000;
        using var start = new Barrier(2);
        int[] Publish(int own) => [.. Enumerable.Range(0, races).Select(race =>
        {
            start.SignalAndWait();
            return AtomicFile.TryPublishText($"{Target}.{race}", $"{own}") ? 1 : 0;
        })];
        var other = Task.Run(() => Publish(1));
        var first = Publish(0);
        var second = await other;
        foreach (var (race, won) in first.Zip(second, (a, b) => a + b).Index())
            Assert.True(won == 1, $"race {race} had {won} winners");
        Assert.All(Enumerable.Range(0, races),
            race => Assert.Equal(first[race] == 1 ? "0" : "1", File.ReadAllText($"{Target}.{race}")));
    }

    [Fact]
    public void A_file_in_the_way_of_a_folder_is_an_error_with_a_hint()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        Assert.Contains("choose another place",
            Assert.Throws<UserException>(() => AtomicFile.WriteText(Path.Combine(file, "x"), "")).Message);
    }

    [Fact]
    public void A_folder_a_device_and_a_pipe_are_never_replaced()
    {
        var folder = Directory.CreateTempSubdirectory("pretrainbench-plain").FullName;
        try
        {
            var pipe = Path.Combine(folder, "pipe");
            using (var made = System.Diagnostics.Process.Start("mkfifo", pipe)) made.WaitForExit();
            var link = Path.Combine(folder, "link");
            File.CreateSymbolicLink(link, "/dev/null");
            foreach (var place in new[] { folder, pipe, link, "/dev/null", "/dev/stdout" })
                Assert.Contains("name a file",
                    Assert.Throws<UserException>(() => AtomicFile.WriteText(place, "text")).Message);
            Assert.Equal(["link", "pipe"],
                Directory.EnumerateFileSystemEntries(folder).Select(Path.GetFileName).Order());

            var plain = Path.Combine(folder, "plain");
            AtomicFile.WriteText(plain, "one");
            AtomicFile.WriteText(plain, "two");
            Assert.Equal("two", File.ReadAllText(plain));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
