namespace PretrainBench.Core.Files;

/// <summary>Deletes what is no longer needed; what cannot be deleted is only in the way of space, never of correctness,
/// and must not hide the failure that led here.</summary>
public static class QuietDeletion
{
    public static void OfFile(string path) => Try(() => File.Delete(path));

    /// <summary>Deletes a folder with all that it holds, if it is there.</summary>
    public static void OfFolder(string path)
    {
        if (Directory.Exists(path)) Try(() => Directory.Delete(path, recursive: true));
    }

    private static void Try(Action delete)
    {
        try
        {
            delete();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // See above.
        }
    }
}
