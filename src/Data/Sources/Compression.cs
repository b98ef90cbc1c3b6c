using System.IO.Compression;

namespace PretrainBench.Data;

/// <summary>
/// Opens plain and gzip-compressed files alike. That a file was cut off is noticed by <see cref="GZipStream"/> under the
/// runtime switch <c>System.IO.Compression.UseStrictValidation</c>, which every program here is built with.
/// </summary>
internal static class Compression
{
    /// <summary>Opens a file for reading, decompressed when its name ends in <c>.gz</c>.</summary>
    /// <param name="path">The file.</param>
    /// <param name="counter">Counts the file's own bytes, compressed where they are.</param>
    public static Stream Open(string path, ReadCounter counter)
    {
        var stream = counter.Open(path);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(stream, CompressionMode.Decompress) : stream;
    }

    /// <summary>The error of a damaged compressed file.</summary>
    public static UserException Damaged(string path, InvalidDataException e)
        => new($"{path}: the gzip data is damaged or cut off ({e.Message}); fetch or compress the file again", inner: e);
}
