using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Parquet.Encodings;
using Parquet.Thrift;

namespace Parquet.Columns;

/// <summary>Turns the values part of a page into an array of the physical type.</summary>
internal static class ValueDecoder
{
    /// <summary>Decodes values.</summary>
    /// <param name="type">The physical type.</param>
    /// <param name="fixedLength">Bytes of a value, for byte arrays of fixed length.</param>
    /// <param name="encoding">How the values are written; not by a dictionary.</param>
    /// <param name="data">The values part.</param>
    /// <param name="count">How many there are.</param>
    public static Array Decode(PhysicalType type, int fixedLength, PageEncoding encoding, ReadOnlyMemory<byte> data, int count)
    {
        // Except truth values, which may be runs, every value takes space: a damaged count must not allocate at will.
        if (type != PhysicalType.Boolean && encoding == PageEncoding.Plain && count > data.Length)
            throw new ParquetException("damaged page: more values than bytes");
        return (type, encoding) switch
        {
            (PhysicalType.Boolean, PageEncoding.Plain) => Truths(data.Span, count),
            (PhysicalType.Boolean, PageEncoding.Rle) => Array.ConvertAll(HybridReader.Read(data.Span[4..], 1, count), value => value != 0),
            (PhysicalType.Int32, PageEncoding.Plain) => Numbers<int>(data.Span, count),
            (PhysicalType.Int64, PageEncoding.Plain) => Numbers<long>(data.Span, count),
            (PhysicalType.Float, PageEncoding.Plain) => Numbers<float>(data.Span, count),
            (PhysicalType.Double, PageEncoding.Plain) => Numbers<double>(data.Span, count),
            (PhysicalType.ByteArray, PageEncoding.Plain) => Texts(data, count),
            (PhysicalType.FixedLengthByteArray, PageEncoding.Plain) => Fixed(data, fixedLength, count),
            (PhysicalType.Int32, PageEncoding.DeltaBinaryPacked) => Array.ConvertAll(Delta.Numbers(data.Span, count, out _), value => unchecked((int)value)),
            (PhysicalType.Int64, PageEncoding.DeltaBinaryPacked) => Delta.Numbers(data.Span, count, out _),
            (PhysicalType.ByteArray, PageEncoding.DeltaLengthByteArray) => Delta.Texts(data, count, out _),
            (PhysicalType.ByteArray or PhysicalType.FixedLengthByteArray, PageEncoding.DeltaByteArray) => Delta.PrefixedTexts(data, count),
            (PhysicalType.Int32, PageEncoding.ByteStreamSplit) => Numbers<int>(Unsplit(data.Span, 4, count), count),
            (PhysicalType.Int64, PageEncoding.ByteStreamSplit) => Numbers<long>(Unsplit(data.Span, 8, count), count),
            (PhysicalType.Float, PageEncoding.ByteStreamSplit) => Numbers<float>(Unsplit(data.Span, 4, count), count),
            (PhysicalType.Double, PageEncoding.ByteStreamSplit) => Numbers<double>(Unsplit(data.Span, 8, count), count),
            _ => throw new NotSupportedException($"values of type {type} in encoding {encoding} are not supported here"),
        };
    }

    /// <summary>Looks dictionary indices up.</summary>
    /// <param name="dictionary">The dictionary's values.</param>
    /// <param name="data">The values part: a bit width and the hybrid encoding.</param>
    /// <param name="count">How many there are.</param>
    public static Array LookUp(Array dictionary, ReadOnlySpan<byte> data, int count)
    {
        var indices = count == 0 ? [] : HybridReader.Read(data[1..], data[0], count);
        return dictionary switch
        {
            string[] values => Array.ConvertAll(indices, index => values[index]),
            bool[] values => Array.ConvertAll(indices, index => values[index]),
            int[] values => Array.ConvertAll(indices, index => values[index]),
            long[] values => Array.ConvertAll(indices, index => values[index]),
            float[] values => Array.ConvertAll(indices, index => values[index]),
            double[] values => Array.ConvertAll(indices, index => values[index]),
            ReadOnlyMemory<byte>[] values => Array.ConvertAll(indices, index => values[index]),
            _ => throw new NotSupportedException($"a dictionary of {dictionary.GetType().Name} is not supported here"),
        };
    }

    private static bool[] Truths(ReadOnlySpan<byte> data, int count)
    {
        if ((count + 7) / 8 > data.Length) throw new ParquetException("damaged page: more values than bits");
        var values = new bool[count];
        for (var i = 0; i < count; i++) values[i] = (data[i >> 3] >> (i & 7) & 1) != 0;
        return values;
    }

    private static T[] Numbers<T>(ReadOnlySpan<byte> data, int count)
        where T : unmanaged
        => MemoryMarshal.Cast<byte, T>(data)[..count].ToArray();

    private static ReadOnlyMemory<byte>[] Texts(ReadOnlyMemory<byte> data, int count)
    {
        var texts = new ReadOnlyMemory<byte>[count];
        var at = 0;
        for (var i = 0; i < count; i++)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(data.Span[at..]);
            texts[i] = data.Slice(at + 4, length);
            at += 4 + length;
        }
        return texts;
    }

    private static ReadOnlyMemory<byte>[] Fixed(ReadOnlyMemory<byte> data, int length, int count)
        => [.. Enumerable.Range(0, count).Select(i => data.Slice(i * length, length))];

    private static byte[] Unsplit(ReadOnlySpan<byte> data, int width, int count)
    {
        var whole = new byte[checked(width * count)];
        for (var plane = 0; plane < width; plane++)
            for (var i = 0; i < count; i++) whole[(i * width) + plane] = data[(plane * count) + i];
        return whole;
    }
}
