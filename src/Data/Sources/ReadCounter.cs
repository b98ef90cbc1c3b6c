using System.IO.Compression;

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

    /// <summary>Opens a file, decompressed when its name ends in <c>.gz</c>. That it was cut off is noticed by .NET
    /// under the switch <c>System.IO.Compression.UseStrictValidation</c>, which every program here is built
    /// with.</summary>
    public Stream OpenUnpacked(string path)
    {
        var stream = Open(path);
        return path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase)
            ? new GZipStream(stream, CompressionMode.Decompress)
            : stream;
    }

    /// <summary>The error of a damaged compressed file.</summary>
    public static UserException Damaged(string path, InvalidDataException e)
        => new($"{path}: the gzip data is damaged or cut off ({e.Message}); fetch or compress the file again",
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
