namespace PretrainBench.Data;

/// <summary>Opens plain and gzip-compressed files alike.</summary>
internal static class Compression
{
    /// <summary>Opens a file for reading, decompressed when its name ends in <c>.gz</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="counter">Counts the bytes of the file itself.</param>
    public static Stream Open(string path, ReadCounter counter)
    {
        var stream = counter.Open(path);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new CheckedGzipStream(stream) : stream;
    }

    /// <summary>The error of a damaged compressed file.</summary>
    /// <param name="path">The file.</param>
    /// <param name="e">What the decompressor said.</param>
    public static UserException Damaged(string path, InvalidDataException e)
        => new($"{path}: the gzip data is damaged or cut off ({e.Message}); fetch or compress the file again", inner: e);
}
