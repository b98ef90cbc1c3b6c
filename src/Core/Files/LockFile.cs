namespace PretrainBench.Core.Files;

/// <summary>A file that one process at a time holds open; the system lets go of it when the process dies.</summary>
public static class LockFile
{
    /// <summary>Takes the file until what is returned is disposed.</summary>
    /// <param name="path">The file; it and its folder are created.</param>
    /// <param name="busy">What to tell the user when another process holds it.</param>
    /// <exception cref="UserException">Another process holds it, or the place cannot be written.</exception>
    public static FileStream Take(string path, string busy)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException e) when (File.Exists(path))
        {
            throw new UserException(busy, ExitCodes.Failed, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException(
                $"{path}: cannot be written: {e.Message} Choose another place.", ExitCodes.Failed, e);
        }
    }
}
