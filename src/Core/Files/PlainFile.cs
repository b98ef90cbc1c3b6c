namespace PretrainBench.Core.Files;

/// <summary>Whether a name is free or a plain file's, so that a file may be renamed over it, or read to its end. A
/// device (/dev/null), a pipe or a socket would be lost, for every program on the machine, or never end.</summary>
public static class PlainFile
{
    /// <summary>Reads a text file, unless reading might never end.</summary>
    /// <param name="mostBytes">What no such file exceeds.</param>
    /// <exception cref="UserException">It is a pipe, a device or a folder, or larger than that.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static string ReadText(string path, long mostBytes)
    {
        RequireNoFolder(path);
        RequireReadable(path);
        if (new FileInfo(path) is { Exists: true, Length: var length } && length > mostBytes)
            throw new UserException($"{path}: has {Quantity.Bytes(length)}, and no such file has more than "
                + $"{Quantity.Bytes(mostBytes)}; is it the right one?");
        return File.ReadAllText(path);
    }

    /// <exception cref="UserException">It is a pipe or a device, from which reading might never end.</exception>
    public static void RequireReadable(string path)
    {
        if (FileEntry.TargetKindOf(path) == EntryKind.PipeOrDevice)
            throw new UserException($"{path}: is a pipe or a device; write what it gives to a file, and name that");
    }

    /// <exception cref="UserException">Something else than a plain file has that name.</exception>
    internal static void Require(string path)
    {
        RequireNoFolder(path);
        if (FileEntry.TargetKindOf(path) == EntryKind.PipeOrDevice)
            throw new UserException($"{path}: is a device or a pipe, which a file would replace; name a file");
    }

    private static void RequireNoFolder(string path)
    {
        if (Directory.Exists(path)) throw new UserException($"{path}: is a folder; name a file");
    }
}
