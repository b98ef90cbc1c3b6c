namespace Parquet.Thrift;

/// <summary>The header of a page.</summary>
internal sealed class PageMeta
{
    public const int DataPage = 0;
    public const int DictionaryPage = 2;
    public const int DataPageV2 = 3;

    public int Kind;
    public int UncompressedSize;
    public int CompressedSize;
    public int ValueCount;
    public PageEncoding Encoding;
    public PageEncoding DefinitionEncoding = PageEncoding.Rle;
    public int DefinitionLength;
    public int RepetitionLength;
    public bool IsCompressed = true;

    /// <summary>Reads a header.</summary>
    /// <param name="data">Begins with the header.</param>
    /// <param name="length">The header's length.</param>
    public static PageMeta Read(ReadOnlySpan<byte> data, out int length)
    {
        var reader = new CompactReader(data);
        var page = new PageMeta { Kind = -1 };
        var id = 0;
        while (reader.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1: page.Kind = reader.ReadInt32(); break;
                case 2: page.UncompressedSize = reader.ReadInt32(); break;
                case 3: page.CompressedSize = reader.ReadInt32(); break;
                case 5 or 7: page.ReadHeader(ref reader); break;
                case 8: page.ReadHeaderV2(ref reader); break;
                default: reader.Skip(type); break;
            }
        }
        length = reader.Position;
        if (page.CompressedSize < 0 || page.UncompressedSize < 0 || page.ValueCount < 0 || page.DefinitionLength < 0 || page.RepetitionLength < 0)
            throw new ParquetException("damaged page header: a negative size");
        return page;
    }

    /// <summary>Writes the header of a version 1 data page or of a dictionary page.</summary>
    public byte[] Write()
    {
        var writer = new CompactWriter();
        writer.Int32(1, Kind);
        writer.Int32(2, UncompressedSize);
        writer.Int32(3, CompressedSize);
        writer.Struct(Kind == DictionaryPage ? 7 : 5, () =>
        {
            writer.Int32(1, ValueCount);
            writer.Int32(2, (int)Encoding);
            if (Kind == DictionaryPage) return;
            writer.Int32(3, (int)PageEncoding.Rle);
            writer.Int32(4, (int)PageEncoding.Rle);
        });
        writer.Stop();
        return writer.ToArray();
    }

    private void ReadHeader(ref CompactReader reader)
    {
        var id = 0;
        while (reader.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1: ValueCount = reader.ReadInt32(); break;
                case 2: Encoding = (PageEncoding)reader.ReadInt32(); break;
                case 3 when type == CompactType.Int32: DefinitionEncoding = (PageEncoding)reader.ReadInt32(); break;
                default: reader.Skip(type); break;
            }
        }
    }

    private void ReadHeaderV2(ref CompactReader reader)
    {
        var id = 0;
        while (reader.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1: ValueCount = reader.ReadInt32(); break;
                case 4: Encoding = (PageEncoding)reader.ReadInt32(); break;
                case 5: DefinitionLength = reader.ReadInt32(); break;
                case 6: RepetitionLength = reader.ReadInt32(); break;
                case 7: IsCompressed = type == CompactType.True; break;
                default: reader.Skip(type); break;
            }
        }
    }
}
