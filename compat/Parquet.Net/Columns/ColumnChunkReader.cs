using System.Buffers.Binary;
using System.Text;
using Parquet.Compressors;
using Parquet.Encodings;
using Parquet.Schema;
using Parquet.Thrift;

namespace Parquet.Columns;

/// <summary>Reads the values of one column of one row group.</summary>
internal sealed class ColumnChunkReader(DataField field, ColumnMeta meta, byte[] chunk)
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private Array? _dictionary;

    /// <summary>Takes the values of a page: those that are there, and which rows are there (null when all are).</summary>
    public delegate void Page(Array values, bool[]? present, int rows);

    /// <summary>Reads all pages.</summary>
    public void Read(Page take)
    {
        if (field.Node is { } node && node.Type != meta.Type)
            throw new ParquetException($"damaged metadata: column {field.Name} is {node.Type} in the schema and {meta.Type} in a row group");
        long rows = 0;
        var at = 0;
        while (rows < meta.ValueCount)
        {
            if (at >= chunk.Length) throw new ParquetException($"column {field.Name}: the pages end too early");
            var page = PageMeta.Read(chunk.AsSpan(at), out var header);
            var data = chunk.AsMemory(at + header, page.CompressedSize);
            at += header + page.CompressedSize;
            switch (page.Kind)
            {
                case PageMeta.DictionaryPage:
                    var entries = Codec.Decompress(meta.Codec, data.Span, page.UncompressedSize);
                    _dictionary = Texts(ValueDecoder.Decode(meta.Type, field.Node?.TypeLength ?? 0, PageEncoding.Plain, entries, page.ValueCount));
                    break;
                case PageMeta.DataPage or PageMeta.DataPageV2:
                    if (page.ValueCount > meta.ValueCount - rows) throw new ParquetException($"column {field.Name}: more values than rows");
                    if (page.Kind == PageMeta.DataPage) ReadPage(page, data, take);
                    else ReadPageV2(page, data, take);
                    rows += page.ValueCount;
                    break;
                default:
                    // Index pages and kinds of the future can be passed over.
                    break;
            }
        }
    }

    private void ReadPage(PageMeta page, ReadOnlyMemory<byte> data, Page take)
    {
        ReadOnlyMemory<byte> content = Codec.Decompress(meta.Codec, data.Span, page.UncompressedSize);
        bool[]? present = null;
        if (field.IsNullable)
        {
            if (page.DefinitionEncoding != PageEncoding.Rle)
                throw new NotSupportedException($"column {field.Name}: definition levels in encoding {page.DefinitionEncoding} are not supported here");
            var length = BinaryPrimitives.ReadInt32LittleEndian(content.Span);
            present = Present(content.Slice(4, length).Span, page.ValueCount);
            content = content[(4 + length)..];
        }
        Take(page, content, present, take);
    }

    private void ReadPageV2(PageMeta page, ReadOnlyMemory<byte> data, Page take)
    {
        var levels = page.RepetitionLength + page.DefinitionLength;
        var present = field.IsNullable && page.DefinitionLength > 0
            ? Present(data.Slice(page.RepetitionLength, page.DefinitionLength).Span, page.ValueCount)
            : null;
        var values = data[levels..];
        if (page.IsCompressed && !values.IsEmpty) values = Codec.Decompress(meta.Codec, values.Span, page.UncompressedSize - levels);
        Take(page, values, present, take);
    }

    private void Take(PageMeta page, ReadOnlyMemory<byte> values, bool[]? present, Page take)
    {
        var count = present is null ? page.ValueCount : present.Count(there => there);
        var decoded = page.Encoding is PageEncoding.PlainDictionary or PageEncoding.RleDictionary
            ? ValueDecoder.LookUp(_dictionary ?? throw new ParquetException($"column {field.Name}: the dictionary is missing"), values.Span, count)
            : Texts(ValueDecoder.Decode(meta.Type, field.Node?.TypeLength ?? 0, page.Encoding, values, count));
        if (decoded.Length != count) throw new ParquetException($"column {field.Name}: a page has fewer values than its header says");
        take(decoded, present, page.ValueCount);
    }

    private static bool[] Present(ReadOnlySpan<byte> levels, int count)
        => Array.ConvertAll(HybridReader.Read(levels, 1, count), level => level != 0);

    private Array Texts(Array values)
    {
        if (field.ClrType != typeof(string)) return values;
        try
        {
            return Array.ConvertAll((ReadOnlyMemory<byte>[])values, bytes => Strict.GetString(bytes.Span));
        }
        catch (DecoderFallbackException e)
        {
            throw new ParquetException($"column {field.Name}: a text is not valid UTF-8", e);
        }
    }
}
