namespace PretrainBench.Data;

/// <summary>How much of a source's files has been read, for progress; updated by one reader, read by anyone.</summary>
public sealed class ReadCounter
{
    private long _fileBytes;

    /// <summary>Bytes of the files themselves, compressed where they are compressed.</summary>
    public long FileBytes => Interlocked.Read(ref _fileBytes);

    internal void Add(long bytes) => Interlocked.Add(ref _fileBytes, bytes);

    /// <summary>Opens a file whose reads are counted.</summary>
    internal Stream Open(string path)
    {
        try
        {
            return new CountedStream(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16), this);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be read: {e.Message}", inner: e);
        }
    }

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
