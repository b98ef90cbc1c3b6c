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
    private readonly GZipStream _gzip;
    private readonly byte[] _held = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _finished;

    /// <summary>Begins to decompress.</summary>
    /// <param name="source">The compressed file; owned.</param>
    public CheckedGzipStream(Stream source)
    {
        _source = source;
        _gzip = new GZipStream(new Followed(source, SealMember), CompressionMode.Decompress);
    }

    /// <summary>Reads decompressed bytes, always holding back as many as might be the seal.</summary>
    /// <param name="buffer">Where they go.</param>
    /// <exception cref="InvalidDataException">The data is damaged or cut off.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!_finished && _end - _start <= Seal.Length) Fill();
        var count = Math.Min(buffer.Length, _end - _start - (_finished ? 0 : Seal.Length));
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
        _held.AsSpan(_start, _end - _start).CopyTo(_held);
        (_start, _end) = (0, _end - _start);
        var count = _gzip.Read(_held, _end, _held.Length - _end);
        _end += count;
        if (count > 0) return;
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

        public override int Read(Span<byte> buffer)
        {
            if (_taken == 0 && first.Read(buffer) is var count and > 0) return count;
            count = Math.Min(buffer.Length, then.Length - _taken);
            then.AsSpan(_taken, count).CopyTo(buffer);
            _taken += count;
            return count;
        }
    }
}
