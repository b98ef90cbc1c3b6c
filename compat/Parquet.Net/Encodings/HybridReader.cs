using System.Buffers.Binary;

namespace Parquet.Encodings;

/// <summary>The hybrid of run lengths and bit packing: definition levels, dictionary indices, truth values.</summary>
internal static class HybridReader
{
    public static int[] Read(ReadOnlySpan<byte> data, int bitWidth, int count)
    {
        if (bitWidth is < 0 or > 32) throw new ParquetException($"damaged page: bit width {bitWidth}");
        var values = new int[count];
        var at = 0;
        var filled = 0;
        while (filled < count)
        {
            var header = ReadVarint(data, ref at);
            if ((header & 1) == 0)
            {
                var run = (int)Math.Min(header >> 1, (ulong)(count - filled));
                var bytes = (bitWidth + 7) / 8;
                var value = ReadBytes(data, at, bytes);
                at += bytes;
                values.AsSpan(filled, run).Fill(value);
                filled += run;
                continue;
            }
            var packed = (int)Math.Min((header >> 1) * 8, (ulong)(count - filled));
            BitPacking.Read(data[at..], bitWidth, values.AsSpan(filled, packed));
            at = checked((int)((ulong)at + (header >> 1) * (ulong)bitWidth));
            filled += packed;
        }
        return values;
    }

    internal static ulong ReadVarint(ReadOnlySpan<byte> data, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = data[at++];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80) return value;
        }
        throw new ParquetException("damaged page: a number is too long");
    }

    private static int ReadBytes(ReadOnlySpan<byte> data, int at, int count)
    {
        Span<byte> bytes = stackalloc byte[4];
        bytes.Clear();
        data.Slice(at, count).CopyTo(bytes);
        return BinaryPrimitives.ReadInt32LittleEndian(bytes);
    }
}

/// <summary>Numbers of a fixed number of bits, from the lowest bit on.</summary>
internal static class BitPacking
{
    public static void Read(ReadOnlySpan<byte> data, int bitWidth, Span<int> values)
    {
        ulong bits = 0;
        int have = 0, at = 0;
        var mask = bitWidth == 32 ? uint.MaxValue : (1UL << bitWidth) - 1;
        for (var i = 0; i < values.Length; i++)
        {
            for (; have < bitWidth; have += 8) bits |= (ulong)data[at++] << have;
            values[i] = (int)(uint)(bits & mask);
            bits >>= bitWidth;
            have -= bitWidth;
        }
    }

    public static ulong ReadAt(ReadOnlySpan<byte> data, int bitWidth, int index)
    {
        ulong value = 0;
        var first = (long)index * bitWidth;
        for (var bit = 0; bit < bitWidth; bit++)
        {
            var place = first + bit;
            if ((data[(int)(place >> 3)] >> (int)(place & 7) & 1) != 0) value |= 1UL << bit;
        }
        return value;
    }
}

/// <summary>Writes the hybrid encoding: one run where all values are equal, else one bit-packed run.</summary>
internal static class HybridWriter
{
    public static byte[] Write(ReadOnlySpan<int> values, int bitWidth)
    {
        var output = new MemoryStream();
        if (values.Length > 0 && !values.ContainsAnyExcept(values[0]))
        {
            Varint((ulong)values.Length << 1, output);
            for (var shift = 0; shift < bitWidth; shift += 8) output.WriteByte((byte)(values[0] >> shift));
            return output.ToArray();
        }
        var groups = (values.Length + 7) / 8;
        Varint(((ulong)groups << 1) | 1, output);
        ulong bits = 0;
        var have = 0;
        for (var i = 0; i < groups * 8; i++)
        {
            bits |= (ulong)(uint)(i < values.Length ? values[i] : 0) << have;
            for (have += bitWidth; have >= 8; have -= 8, bits >>= 8) output.WriteByte((byte)bits);
        }
        return output.ToArray();
    }

    private static void Varint(ulong value, MemoryStream output)
    {
        for (; value >= 0x80; value >>= 7) output.WriteByte((byte)(value | 0x80));
        output.WriteByte((byte)value);
    }
}
