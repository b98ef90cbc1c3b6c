namespace Parquet.Encodings;

/// <summary>The encodings by differences: numbers, lengths of texts, and texts by their common beginnings.</summary>
internal static class Delta
{
    /// <summary>DELTA_BINARY_PACKED.</summary>
    /// <param name="data">Begins with the encoding.</param>
    /// <param name="count">How many values are wanted at most.</param>
    /// <param name="length">How many bytes the encoding has.</param>
    public static long[] Numbers(ReadOnlySpan<byte> data, int count, out int length)
    {
        var at = 0;
        var blockSize = checked((int)HybridReader.ReadVarint(data, ref at));
        var miniblocks = checked((int)HybridReader.ReadVarint(data, ref at));
        var total = checked((int)HybridReader.ReadVarint(data, ref at));
        var value = ZigZag(data, ref at);
        if (total > count || miniblocks < 1 || blockSize < miniblocks || blockSize % miniblocks != 0 || blockSize / miniblocks % 8 != 0)
            throw new ParquetException("damaged page: impossible sizes of a delta encoding");
        var values = new long[total];
        if (total > 0) values[0] = value;
        var filled = 1;
        while (filled < total)
        {
            var smallest = ZigZag(data, ref at);
            var widths = data.Slice(at, miniblocks);
            at += miniblocks;
            for (var i = 0; i < miniblocks && filled < total; i++)
            {
                var inBlock = Math.Min(blockSize / miniblocks, total - filled);
                for (var j = 0; j < inBlock; j++)
                {
                    value = unchecked(value + smallest + (long)BitPacking.ReadAt(data[at..], widths[i], j));
                    values[filled++] = value;
                }
                at += blockSize / miniblocks * widths[i] / 8;
            }
        }
        length = at;
        return values;
    }

    /// <summary>DELTA_LENGTH_BYTE_ARRAY: all lengths, then all bytes.</summary>
    public static ReadOnlyMemory<byte>[] Texts(ReadOnlyMemory<byte> data, int count, out int length)
    {
        var lengths = Numbers(data.Span, count, out var at);
        var texts = new ReadOnlyMemory<byte>[lengths.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            texts[i] = data.Slice(at, checked((int)lengths[i]));
            at += texts[i].Length;
        }
        length = at;
        return texts;
    }

    /// <summary>DELTA_BYTE_ARRAY: how many bytes each text shares with the one before, then the rests.</summary>
    public static ReadOnlyMemory<byte>[] PrefixedTexts(ReadOnlyMemory<byte> data, int count)
    {
        var shared = Numbers(data.Span, count, out var at);
        var texts = Texts(data[at..], count, out _);
        if (texts.Length != shared.Length) throw new ParquetException("damaged page: prefixes and rests of different number");
        for (var i = 1; i < texts.Length; i++)
        {
            if (shared[i] == 0) continue;
            byte[] whole = [.. texts[i - 1].Span[..checked((int)shared[i])], .. texts[i].Span];
            texts[i] = whole;
        }
        return texts;
    }

    private static long ZigZag(ReadOnlySpan<byte> data, ref int at)
    {
        var value = HybridReader.ReadVarint(data, ref at);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }
}
