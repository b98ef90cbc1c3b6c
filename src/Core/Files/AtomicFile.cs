namespace PretrainBench.Core.Files;

/// <summary>Writes files so that a reader, a crash or a full disk never meets half of one: written aside in the same
/// folder, flushed to the disk, then renamed over the target, and the folder flushed. On failure the file aside is
/// removed and the target untouched.</summary>
public static class AtomicFile
{
    /// <summary>Writes a file through a stream.</summary>
    /// <param name="path">The target; its folder is created.</param>
    /// <exception cref="UserException">The disk is full, the place cannot be written, or a folder, device or pipe
    /// stands there.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        PlainFile.Require(path);
        Publish(path, write, aside =>
        {
            File.Move(aside, path, overwrite: true);
            return true;
        });
    }

    /// <summary>Writes a text in UTF-8 without a byte-order mark.</summary>
    public static void WriteText(string path, string text) => Write(path, stream => stream.Write(Utf8(text)));

    /// <summary>Publishes a file only if nobody has done so before: the first writer wins.</summary>
    /// <returns>False when the file was there already; its content is unchanged then.</returns>
    public static bool TryPublishText(string path, string text)
        => Publish(path, stream => stream.Write(Utf8(text)), aside => ExclusiveName.TryGive(aside, path));

    private static bool Publish(string path, Action<Stream> write, Func<string, bool> give)
    {
        var aside = Aside(path);
        try
        {
            using (var stream = new FileStream(aside, FileMode.CreateNew, FileAccess.Write, FileShare.None, 1 << 16))
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            var given = give(aside);
            if (given) FolderSync.Flush(Path.GetDirectoryName(aside)!);
            return given;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(path, e);
        }
        catch (ArgumentOutOfRangeException e) when (IsTooLarge(e))
        {
            throw Unwritable(path, TooLarge(e));
        }
        finally
        {
            QuietDeletion.OfFile(aside);
        }
    }

    /// <summary>Whether it is what the runtime makes of EFBIG: a limit of the process or of the file system.</summary>
    internal static bool IsTooLarge(ArgumentOutOfRangeException e) => e is { ParamName: "value", ActualValue: null };

    internal static IOException TooLarge(Exception e)
        => new("A file would be larger than files may be here (see `ulimit -f`).", e);

    private static byte[] Utf8(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string Aside(string path)
    {
        var folder = Path.GetDirectoryName(Path.GetFullPath(path))!;
        try
        {
            Directory.CreateDirectory(folder);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Unwritable(folder, e);
        }
        return TemporaryName.Beside(path);
    }

    private static UserException Unwritable(string path, Exception e)
        => new($"{path}: cannot be written: {e.Message} Free some space or choose "
            + "another place; what was there before is unchanged.", ExitCodes.Failed, e);
}
