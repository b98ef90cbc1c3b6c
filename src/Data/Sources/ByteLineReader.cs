namespace PretrainBench.Data;

/// <summary>Splits a stream into lines of bytes without copying more than a line; a byte-order mark at the start is
/// dropped.</summary>
internal sealed class ByteLineReader(Stream stream)
{
    private static readonly byte[] ByteOrderMark = [0xEF, 0xBB, 0xBF];
    private byte[] _buffer = new byte[1 << 16];
    private int _start;
    private int _end;
    private bool _finished;

    /// <summary>The number of the line that was returned last, from one.</summary>
    public long LineNumber { get; private set; }

    /// <summary>Reads the next line, without its end (<c>\n</c> or <c>\r\n</c>), valid until the next call; false at
    /// the stream's end.</summary>
    public bool TryRead(out ReadOnlyMemory<byte> line)
    {
        var searched = 0;
        while (true)
        {
            var at = _buffer.AsSpan(_start + searched, _end - _start - searched).IndexOf((byte)'\n');
            if (at >= 0)
            {
                line = Line(searched + at);
                _start += searched + at + 1;
                return true;
            }
            searched = _end - _start;
            if (_finished)
            {
                line = Line(searched);
                _start = _end;
                return searched > 0;
            }
            Fill();
        }
    }

    private ReadOnlyMemory<byte> Line(int length)
    {
        var line = _buffer.AsMemory(_start, length);
        if (++LineNumber == 1 && line.Span.StartsWith(ByteOrderMark)) line = line[3..];
        return line.Span.EndsWith("\r"u8) ? line[..^1] : line;
    }

    private void Fill()
    {
        if (_start > 0)
        {
            _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
            _end -= _start;
            _start = 0;
        }
        if (_end == _buffer.Length) Array.Resize(ref _buffer, checked(_buffer.Length * 2));
        var count = stream.Read(_buffer, _end, _buffer.Length - _end);
        _finished = count == 0;
        _end += count;
    }
}
