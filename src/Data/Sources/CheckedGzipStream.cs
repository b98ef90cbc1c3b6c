using System.IO.Compression;

namespace PretrainBench.Data;

/// <summary>
/// Decompresses gzip and notices when the file was cut off, which <see cref="GZipStream"/> takes for its end. A small
/// gzip member of our own is read after the file's last one: it comes out whole only if the file was whole.
/// </summary>
internal sealed class CheckedGzipStream : ForwardStream
{
    private static readonly byte[] Seal = [.. "PretrainBench: end of the file"u8];
    private static readonly byte[] SealMember = Compress(Seal);

    private readonly Stream _source;
    private readonly Followed _sealed;
    private readonly GZipStream _gzip;
    private byte[] _held = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _finished;

    /// <summary>Begins to decompress.</summary>
    /// <param name="source">The compressed file; owned.</param>
    public CheckedGzipStream(Stream source)
    {
        _source = source;
        _sealed = new Followed(source, SealMember);
        _gzip = new GZipStream(_sealed, CompressionMode.Decompress);
    }

    /// <summary>Reads decompressed bytes.</summary>
    /// <param name="buffer">Where they go.</param>
    /// <exception cref="InvalidDataException">The data is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (_start == _end && !_finished) Fill();
        var count = Math.Min(buffer.Length, _end - _start);
        _held.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _gzip.Dispose();
            _source.Dispose();
        }
        base.Dispose(disposing);
    }

    private void Fill()
    {
        (_start, _end) = (0, _gzip.Read(_held));
        if (_end > 0 && !_sealed.HasBegunLast) return;
        // From here on the seal's bytes may have been taken for data: nothing is handed out before it has been seen.
        int count;
        do
        {
            if (_end == _held.Length) Array.Resize(ref _held, checked(_held.Length * 2));
            count = _gzip.Read(_held, _end, _held.Length - _end);
            _end += count;
        }
        while (count > 0);
        _finished = true;
        if (!_held.AsSpan(0, _end).EndsWith(Seal)) throw new InvalidDataException("the data ends too early");
        _end -= Seal.Length;
    }

    private static byte[] Compress(byte[] bytes)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal)) gzip.Write(bytes);
        return output.ToArray();
    }

    /// <summary>A stream and some bytes after it.</summary>
    private sealed class Followed(Stream first, byte[] then) : ForwardStream
    {
        private int _taken;

        /// <summary>Whether the first stream is exhausted.</summary>
        public bool HasBegunLast { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            if (!HasBegunLast && first.Read(buffer) is var count and > 0) return count;
            HasBegunLast = true;
            count = Math.Min(buffer.Length, then.Length - _taken);
            then.AsSpan(_taken, count).CopyTo(buffer);
            _taken += count;
            return count;
        }
    }
}
