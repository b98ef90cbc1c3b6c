namespace PretrainBench.Core.Files;

/// <summary>Makes folders so that a reader, a crash or a full disk never meets half of one: filled aside, then renamed
/// into place, and the name flushed. On failure what was filled is taken away again and what was there before
/// stays.</summary>
public static class AtomicFolder
{
    /// <summary>Makes a folder.</summary>
    /// <param name="target">The folder; what it held is replaced.</param>
    /// <param name="aside">Where it is filled, on the same file system; what a killed process left there goes.</param>
    /// <param name="fill">Fills the folder that it is given.</param>
    /// <returns>What <paramref name="fill"/> returned.</returns>
    /// <exception cref="IOException">The disk is full or the place cannot be written.</exception>
    public static T Write<T>(string target, string aside, Func<string, T> fill)
    {
        var old = $"{aside}.old";
        try
        {
            foreach (var left in new[] { aside, old })
                if (Directory.Exists(left)) Directory.Delete(left, recursive: true);
            Directory.CreateDirectory(aside);
            var result = fill(aside);
            Replace(target, aside, old);
            return result;
        }
        catch (ArgumentOutOfRangeException e) when (AtomicFile.IsTooLarge(e))
        {
            throw AtomicFile.TooLarge(e);
        }
        finally
        {
            QuietDeletion.OfFolder(aside);
        }
    }

    private static void Replace(string target, string aside, string old)
    {
        if (Directory.Exists(target)) Directory.Move(target, old);
        try
        {
            Directory.Move(aside, target);
        }
        catch (IOException) when (Directory.Exists(old))
        {
            Directory.Move(old, target);
            throw;
        }
        FolderSync.Flush(Path.GetDirectoryName(Path.GetFullPath(target))!);
        QuietDeletion.OfFolder(old);
    }
}
