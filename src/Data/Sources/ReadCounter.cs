using System.IO.Compression;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace PretrainBench.Data;

/// <summary>Opens files and counts what is read of them, for progress; updated by one reader, read by anyone.</summary>
internal sealed class ReadCounter
{
    private long _fileBytes;

    /// <summary>Bytes of the files themselves, compressed where they are compressed.</summary>
    public long FileBytes => Interlocked.Read(ref _fileBytes);

    public void Add(long bytes) => Interlocked.Add(ref _fileBytes, bytes);

    public Stream Open(string path)
    {
        try
        {
            var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
            return new CountedStream(file, this);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>Opens a file, decompressed when its name ends in <c>.gz</c> or <c>.zst</c>. That gzip was cut off is
    /// noticed by .NET under the switch <c>System.IO.Compression.UseStrictValidation</c>, which every program here is
    /// built with.</summary>
    public Stream OpenUnpacked(string path)
    {
        var stream = Open(path);
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
            return new GZipStream(stream, CompressionMode.Decompress);
        if (!path.EndsWith(".zst", StringComparison.OrdinalIgnoreCase)) return stream;
        var unpacked = new DecompressionStream(stream, leaveOpen: false);
        // As far as `zstd --long=31` goes; the default is 27.
        unpacked.SetParameter(ZSTD_dParameter.ZSTD_d_windowLogMax, 31);
        return unpacked;
    }

    /// <summary>Whether an error is that of a damaged compressed file: gzip's, Zstandard's, or one cut off.</summary>
    public static bool IsDamage(Exception e) => e is InvalidDataException or ZstdException or EndOfStreamException;

    /// <summary>The error of a damaged compressed file.</summary>
    public static UserException Damaged(string path, Exception e)
        => new($"{path}: the compressed data is damaged or cut off ({e.Message}); fetch or compress the file again",
            inner: e);

    private sealed class CountedStream(FileStream inner, ReadCounter counter) : Stream
    {
        public override bool CanRead => true;
        public override bool CanSeek => false;
        public override bool CanWrite => false;
        public override long Length => inner.Length;
        public override long Position { get => inner.Position; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            var count = inner.Read(buffer);
            counter.Add(count);
            return count;
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));
        public override void Flush() => inner.Flush();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
