using System.Buffers.Binary;
using System.Text.RegularExpressions;

namespace PretrainBench.Data;

/// <summary>Where a file of another program keeps its tokens: behind llm.c's header of 256 numbers, behind NumPy's, or
/// from the first byte on (nanoGPT's .bin, and OLMo's .npy, which are NumPy's in name only).</summary>
/// <param name="Offset">Bytes before the first token.</param>
/// <param name="TokenBytes">2 or 4, little-endian and unsigned.</param>
/// <param name="Tokens">How many there are.</param>
internal readonly partial record struct TokenFileLayout(long Offset, int TokenBytes, long Tokens)
{
    private const int LlmcHeaderBytes = 1024;

    /// <summary>Reads a file's header and checks the file's length against it.</summary>
    /// <param name="tokenBytes">How wide tokens are where no header says it.</param>
    /// <exception cref="UserException">The file is missing, cut off, or of another kind.</exception>
    public static TokenFileLayout Of(string path, int? tokenBytes)
    {
        using var stream = new ReadCounter().Open(path);
        var head = new byte[1 << 12];
        head = head[..stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        var layout = head is [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] ? Numpy(path, head)
            : head.Length >= LlmcHeaderBytes && Number(head, 0) is 20240520 or 20240801 ? Llmc(path, head)
            : Bare(path, head, stream.Length, tokenBytes);
        var expected = layout.Offset + (layout.Tokens * layout.TokenBytes);
        return stream.Length == expected ? layout
            : throw new UserException($"{path}: it has {stream.Length} bytes; {layout.Tokens} tokens of "
                + $"{layout.TokenBytes} bytes from byte {layout.Offset} on make {expected}: cut off, damaged, or not "
                + "tokens; fetch or write it again");
    }

    private static TokenFileLayout Llmc(string path, byte[] head)
        => (Number(head, 0), Number(head, 4)) switch
        {
            (20240520, 1) => new(LlmcHeaderBytes, 2, Number(head, 8)),
            (20240801, 7) => new(LlmcHeaderBytes, 4, Number(head, 8)),
            var (kind, version) => throw new UserException($"{path}: version {version} of llm.c's kind {kind} is not "
                + "known, 1 of 20240520 and 7 of 20240801 are; write the tokens as one of these"),
        };

    private static TokenFileLayout Numpy(string path, byte[] head)
    {
        var offset = head.Length < 12 ? int.MaxValue
            : head[6] == 1 ? 10 + BinaryPrimitives.ReadUInt16LittleEndian(head.AsSpan(8)) : 12L + Number(head, 8);
        var header = Encoding.Latin1.GetString(head, 0, (int)Math.Min(offset, head.Length));
        var shape = Shape().Match(header);
        if (offset > head.Length || !shape.Success || !long.TryParse(shape.ValueSpan, out var tokens))
            throw new UserException($"{path}: its NumPy header says no shape `(number,)`; save a row of tokens");
        return Type().Match(header).Value switch
        {
            "<u2" => new(offset, 2, tokens),
            "<u4" or "<i4" => new(offset, 4, tokens),
            var other => throw new UserException($"{path}: holds NumPy's `{other}`, no tokens of 2 or 4 bytes; save "
                + "them as uint16 or uint32"),
        };
    }

    private static TokenFileLayout Bare(string path, byte[] head, long length, int? tokenBytes)
    {
        if (tokenBytes is not { } width)
            throw new UserException($"{path}: has no header that says how wide a token is; give "
                + "`token_bytes=2` (uint16: nanoGPT, OLMo's with at most 65,536 tokens) or `token_bytes=4` (uint32)");
        if (width == 2 && head.Length > 16 && Enumerable.Range(0, head.Length / 4).All(i => head[4 * i + 2] == 0
            && head[4 * i + 3] == 0))
            throw new UserException($"{path}: every other number of 2 bytes is zero: its tokens have 4; give "
                + "`token_bytes=4`");
        return new(0, width, (length + width - 1) / width);
    }

    private static long Number(byte[] head, int at) => BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(at));

    [GeneratedRegex(@"(?<='shape':\s*\()\d+(?=\s*,?\s*\))", RegexOptions.CultureInvariant)]
    private static partial Regex Shape();

    [GeneratedRegex(@"(?<='descr':\s*')[^']*", RegexOptions.CultureInvariant)]
    private static partial Regex Type();
}
