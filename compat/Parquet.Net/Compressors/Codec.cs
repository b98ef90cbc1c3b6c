using System.IO.Compression;

namespace Parquet.Compressors;

/// <summary>Compresses and decompresses pages.</summary>
internal static class Codec
{
    // A page's header is not trusted to allocate more than this.
    private const int LargestPage = 1 << 30;

    public static byte[] Decompress(CompressionMethod method, ReadOnlySpan<byte> source, int length)
    {
        if (length > LargestPage) throw new ParquetException($"a page of {length} bytes is too large");
        if (method == CompressionMethod.None) return source.ToArray();
        var destination = new byte[length];
        switch (method)
        {
            case CompressionMethod.Snappy:
                Snappy.Decompress(source, destination);
                break;
            case CompressionMethod.Zstd:
                Zstd.Decompress(source, destination);
                break;
            case CompressionMethod.Gzip:
                using (var stream = new GZipStream(new MemoryStream(source.ToArray()), CompressionMode.Decompress)) stream.ReadExactly(destination);
                break;
            case CompressionMethod.Brotli:
                using (var stream = new BrotliStream(new MemoryStream(source.ToArray()), CompressionMode.Decompress)) stream.ReadExactly(destination);
                break;
            default:
                throw Unsupported(method);
        }
        return destination;
    }

    public static byte[] Compress(CompressionMethod method, byte[] source)
        => method switch
        {
            CompressionMethod.None => source,
            CompressionMethod.Snappy => Snappy.Compress(source),
            CompressionMethod.Zstd => Zstd.Compress(source),
            CompressionMethod.Gzip => ByStream(source, stream => new GZipStream(stream, CompressionLevel.SmallestSize, leaveOpen: true)),
            CompressionMethod.Brotli => ByStream(source, stream => new BrotliStream(stream, CompressionLevel.Optimal, leaveOpen: true)),
            _ => throw Unsupported(method),
        };

    private static byte[] ByStream(byte[] source, Func<Stream, Stream> compress)
    {
        var output = new MemoryStream();
        using (var stream = compress(output)) stream.Write(source);
        return output.ToArray();
    }

    private static NotSupportedException Unsupported(CompressionMethod method)
        => new($"compression {method} is not supported here: use none, snappy, gzip, zstd or brotli");
}
