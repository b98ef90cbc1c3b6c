using System.Runtime.InteropServices;

namespace Parquet.Compressors;

/// <summary>Zstandard by the system's library.</summary>
internal static partial class Zstd
{
    private const string Library = "libzstd.so.1";
    private const int Level = 3;

    public static unsafe void Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        fixed (byte* from = source, to = destination)
        {
            var length = Checked(Call(from, (nuint)source.Length, to, (nuint)destination.Length, static (f, n, t, m) => ZSTD_decompress(t, m, f, n)));
            if (length != (nuint)destination.Length) throw new ParquetException("damaged zstd data: another length than the page header says");
        }
    }

    public static unsafe byte[] Compress(ReadOnlySpan<byte> source)
    {
        // ZSTD_COMPRESSBOUND of zstd.h, rounded up.
        var compressed = new byte[source.Length + (source.Length >> 8) + 512];
        fixed (byte* from = source, to = compressed)
        {
            var length = Checked(Call(from, (nuint)source.Length, to, (nuint)compressed.Length, static (f, n, t, m) => ZSTD_compress(t, m, f, n, Level)));
            return compressed[..(int)length];
        }
    }

    private unsafe delegate nuint Work(byte* from, nuint length, byte* to, nuint capacity);

    private static unsafe nuint Call(byte* from, nuint length, byte* to, nuint capacity, Work work)
    {
        try
        {
            return work(from, length, to, capacity);
        }
        catch (DllNotFoundException e)
        {
            throw new ParquetException($"zstd needs the system's library {Library}, which is not installed (Debian: apt-get install libzstd1)", e);
        }
    }

    private static nuint Checked(nuint result)
        => ZSTD_isError(result) == 0 ? result
            : throw new ParquetException($"damaged zstd data: {Marshal.PtrToStringUTF8(ZSTD_getErrorName(result))}");

    [LibraryImport(Library)]
    private static unsafe partial nuint ZSTD_decompress(byte* destination, nuint capacity, byte* source, nuint length);

    [LibraryImport(Library)]
    private static unsafe partial nuint ZSTD_compress(byte* destination, nuint capacity, byte* source, nuint length, int level);

    [LibraryImport(Library)]
    private static partial uint ZSTD_isError(nuint result);

    [LibraryImport(Library)]
    private static partial nint ZSTD_getErrorName(nuint result);
}
