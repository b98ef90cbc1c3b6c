using PretrainBench.Core.Files;

namespace PretrainBench.Core.Tests.Files;

public sealed class AtomicFolderTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory().FullName;

    private string Target => Path.Combine(_root, "made");

    private string Aside => Path.Combine(_root, ".made.tmp");

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void A_folder_appears_whole_in_place_of_what_was_there()
    {
        Write(Target, "old");
        Write(Aside, "left by a killed process");
        Assert.Equal(7, AtomicFolder.Write(Target, Aside, folder =>
        {
            Assert.Empty(Directory.EnumerateFileSystemEntries(folder));
            Write(folder, "new");
            Assert.Equal("old", Read());
            return 7;
        }));
        Assert.Equal("new", Read());
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_root));
    }

    [Fact]
    public void Names_are_flushed_where_there_is_a_folder()
    {
        Assert.True(FolderSync.Flush(_root));
        Assert.False(FolderSync.Flush(Target));
    }

    [Fact]
    public void A_failure_leaves_what_was_there_and_nothing_else()
    {
        Write(Target, "old");
        Assert.Throws<IOException>(() => AtomicFolder.Write<int>(Target, Aside, folder =>
        {
            Write(folder, "half");
            throw new IOException("no space left");
        }));
        Assert.Equal("old", Read());
        Assert.Equal([Target], Directory.EnumerateFileSystemEntries(_root));
    }

    [Fact]
    public void A_lock_is_refused_while_it_is_held()
    {
        var path = Path.Combine(_root, "sub", ".lock");
        using (LockFile.Take(path, "busy"))
            Assert.Equal("busy", Assert.Throws<UserException>(() => LockFile.Take(path, "busy")).Message);
        LockFile.Take(path, "busy").Dispose();
    }

    private string Read() => File.ReadAllText(Path.Combine(Target, "content"));

    private static void Write(string folder, string content)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "content"), content);
    }
}
