using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;
using Parquet.Compressors;
using Parquet.Encodings;
using Parquet.Schema;
using Parquet.Thrift;

namespace Parquet.Columns;

/// <summary>Writes the values of one column of one row group: version 1 pages, plain, or by a dictionary where texts repeat.</summary>
internal sealed class ColumnChunkWriter(Stream stream, long start, DataField field, CompressionMethod method)
{
    private const int PageValues = 1 << 16;

    // A text that occurs this often on average is worth a dictionary.
    private const int Repetitions = 2;

    private readonly ColumnMeta _meta = new() { Path = [field.Name], Codec = method, Encodings = [(int)PageEncoding.Rle] };

    public ColumnMeta Write<T>(PhysicalType type, ReadOnlySpan<T> values, bool[]? present)
        where T : struct
    {
        _meta.Type = type;
        _meta.DataPageOffset = start;
        _meta.Encodings.Add((int)PageEncoding.Plain);
        var there = 0;
        for (var (from, rows) = (0, present?.Length ?? values.Length); from < rows || from == 0; from += PageValues)
        {
            var count = Math.Min(PageValues, rows - from);
            var inPage = CountPresent(present, from, count);
            DataPage(PageEncoding.Plain, Plain(values.Slice(there, inPage)), present, from, count);
            there += inPage;
        }
        return _meta;
    }

    public ColumnMeta Write(IReadOnlyList<string> values, bool[]? present)
    {
        _meta.Type = PhysicalType.ByteArray;
        var distinct = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            distinct.TryAdd(value, distinct.Count);
            if (distinct.Count > values.Count / Repetitions) break;
        }
        var useDictionary = values.Count > 0 && distinct.Count <= values.Count / Repetitions;
        _meta.Encodings.Add((int)PageEncoding.Plain);
        if (useDictionary)
        {
            _meta.Encodings.Add((int)PageEncoding.RleDictionary);
            _meta.DictionaryPageOffset = start;
            WritePage(new PageMeta { Kind = PageMeta.DictionaryPage, ValueCount = distinct.Count }, Plain([.. distinct.Keys]));
        }
        _meta.DataPageOffset = start + _meta.CompressedSize;
        var there = 0;
        for (var (from, rows) = (0, present?.Length ?? values.Count); from < rows || from == 0; from += PageValues)
        {
            var count = Math.Min(PageValues, rows - from);
            var inPage = CountPresent(present, from, count);
            var part = values.Skip(there).Take(inPage);
            if (useDictionary) DataPage(PageEncoding.RleDictionary, Indices([.. part.Select(value => distinct[value])], distinct.Count), present, from, count);
            else DataPage(PageEncoding.Plain, Plain([.. part]), present, from, count);
            there += inPage;
        }
        return _meta;
    }

    private static int CountPresent(bool[]? present, int from, int count)
        => present is null ? count : present.AsSpan(from, count).Count(true);

    private static byte[] Plain<T>(ReadOnlySpan<T> values)
        where T : struct
    {
        if (typeof(T) != typeof(bool)) return MemoryMarshal.AsBytes(values).ToArray();
        var bits = new byte[(values.Length + 7) / 8];
        for (var i = 0; i < values.Length; i++)
            if ((bool)(object)values[i]) bits[i >> 3] |= (byte)(1 << (i & 7));
        return bits;
    }

    private static byte[] Plain(IReadOnlyList<string> values)
    {
        var output = new MemoryStream();
        Span<byte> length = stackalloc byte[4];
        foreach (var value in values)
        {
            var bytes = Encoding.UTF8.GetBytes(value);
            BinaryPrimitives.WriteInt32LittleEndian(length, bytes.Length);
            output.Write(length);
            output.Write(bytes);
        }
        return output.ToArray();
    }

    private static byte[] Indices(int[] indices, int distinct)
    {
        var width = Math.Max(1, 32 - BitOperations.LeadingZeroCount((uint)(distinct - 1)));
        return [(byte)width, .. HybridWriter.Write(indices, width)];
    }

    private void DataPage(PageEncoding encoding, byte[] values, bool[]? present, int from, int count)
    {
        if (field.IsNullable)
        {
            var levels = new int[count];
            for (var i = 0; i < count; i++) levels[i] = present is null || present[from + i] ? 1 : 0;
            var encoded = HybridWriter.Write(levels, 1);
            var length = new byte[4];
            BinaryPrimitives.WriteInt32LittleEndian(length, encoded.Length);
            values = [.. length, .. encoded, .. values];
        }
        WritePage(new PageMeta { Kind = PageMeta.DataPage, ValueCount = count, Encoding = encoding }, values);
        _meta.ValueCount += count;
    }

    private void WritePage(PageMeta page, byte[] content)
    {
        var compressed = Codec.Compress(method, content);
        (page.UncompressedSize, page.CompressedSize) = (content.Length, compressed.Length);
        var header = page.Write();
        stream.Write(header);
        stream.Write(compressed);
        _meta.UncompressedSize += header.Length + content.Length;
        _meta.CompressedSize += header.Length + compressed.Length;
    }
}
