using System.Buffers.Binary;

namespace Parquet.Compressors;

/// <summary>Snappy's raw block format (github.com/google/snappy, format_description.txt).</summary>
internal static class Snappy
{
    // Matches never reach further back than a block, so that two bytes hold every offset.
    private const int BlockSize = 1 << 16;
    private const int HashBits = 14;
    private const int ShortestMatch = 4;

    public static void Decompress(ReadOnlySpan<byte> source, Span<byte> destination)
    {
        var at = 0;
        if (ReadLength(source, ref at) != destination.Length) throw new ParquetException("damaged snappy data: another length than the page header says");
        var written = 0;
        while (at < source.Length)
        {
            var tag = source[at++];
            int length, offset;
            switch (tag & 3)
            {
                case 0:
                    length = LiteralLength(source, tag, ref at);
                    source.Slice(at, length).CopyTo(destination[written..]);
                    at += length;
                    written += length;
                    continue;
                case 1:
                    length = 4 + ((tag >> 2) & 7);
                    offset = ((tag >> 5) << 8) | source[at++];
                    break;
                case 2:
                    length = 1 + (tag >> 2);
                    offset = BinaryPrimitives.ReadUInt16LittleEndian(source[at..]);
                    at += 2;
                    break;
                default:
                    length = 1 + (tag >> 2);
                    offset = checked((int)BinaryPrimitives.ReadUInt32LittleEndian(source[at..]));
                    at += 4;
                    break;
            }
            if (offset == 0 || offset > written) throw new ParquetException("damaged snappy data: a copy from before the beginning");
            Copy(destination, written, offset, length);
            written += length;
        }
        if (written != destination.Length) throw new ParquetException("damaged snappy data: it ends too early");
    }

    public static byte[] Compress(ReadOnlySpan<byte> source)
    {
        var output = new MemoryStream(source.Length / 2 + 16);
        var rest = (uint)source.Length;
        for (; rest >= 0x80; rest >>= 7) output.WriteByte((byte)(rest | 0x80));
        output.WriteByte((byte)rest);
        var table = new int[1 << HashBits];
        for (var start = 0; start < source.Length; start += BlockSize)
            CompressBlock(source.Slice(start, Math.Min(BlockSize, source.Length - start)), table, output);
        return output.ToArray();
    }

    private static uint ReadLength(ReadOnlySpan<byte> source, ref int at)
    {
        uint length = 0;
        for (var shift = 0; shift < 35; shift += 7)
        {
            var part = source[at++];
            length |= (uint)(part & 0x7F) << shift;
            if (part < 0x80) return length;
        }
        throw new ParquetException("damaged snappy data: its length is too long");
    }

    private static int LiteralLength(ReadOnlySpan<byte> source, byte tag, ref int at)
    {
        var length = tag >> 2;
        if (length < 60) return length + 1;
        var bytes = length - 59;
        uint value = 0;
        for (var i = 0; i < bytes; i++) value |= (uint)source[at++] << (8 * i);
        return checked((int)(value + 1));
    }

    private static void Copy(Span<byte> destination, int at, int offset, int length)
    {
        if (offset >= length)
        {
            destination.Slice(at - offset, length).CopyTo(destination[at..]);
            return;
        }
        // The copy overlaps itself: it repeats what it has just written.
        for (var i = 0; i < length; i++) destination[at + i] = destination[at + i - offset];
    }

    private static void CompressBlock(ReadOnlySpan<byte> block, int[] table, MemoryStream output)
    {
        Array.Clear(table);
        int at = 0, literal = 0;
        while (at + ShortestMatch <= block.Length)
        {
            var word = BinaryPrimitives.ReadUInt32LittleEndian(block[at..]);
            var slot = (word * 0x1E35A7BD) >> (32 - HashBits);
            var candidate = table[slot] - 1;
            table[slot] = at + 1;
            if (candidate < 0 || BinaryPrimitives.ReadUInt32LittleEndian(block[candidate..]) != word)
            {
                // Step faster through what does not compress.
                at += 1 + ((at - literal) >> 5);
                continue;
            }
            WriteLiteral(block[literal..at], output);
            var length = ShortestMatch + block[(at + ShortestMatch)..].CommonPrefixLength(block[(candidate + ShortestMatch)..]);
            WriteCopies(at - candidate, length, output);
            at += length;
            literal = at;
        }
        WriteLiteral(block[literal..], output);
    }

    private static void WriteLiteral(ReadOnlySpan<byte> bytes, MemoryStream output)
    {
        if (bytes.IsEmpty) return;
        var length = bytes.Length - 1;
        if (length < 60)
        {
            output.WriteByte((byte)(length << 2));
        }
        else
        {
            output.WriteByte((byte)((length < 256 ? 60 : 61) << 2));
            output.WriteByte((byte)length);
            if (length >= 256) output.WriteByte((byte)(length >> 8));
        }
        output.Write(bytes);
    }

    private static void WriteCopies(int offset, int length, MemoryStream output)
    {
        while (length > 0)
        {
            var part = Math.Min(length, 64);
            output.WriteByte((byte)(((part - 1) << 2) | 2));
            output.WriteByte((byte)offset);
            output.WriteByte((byte)(offset >> 8));
            length -= part;
        }
    }
}
