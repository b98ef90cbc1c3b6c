namespace Parquet.Thrift;

/// <summary>Physical types.</summary>
internal enum PhysicalType
{
    Boolean = 0,
    Int32 = 1,
    Int64 = 2,
    Int96 = 3,
    Float = 4,
    Double = 5,
    ByteArray = 6,
    FixedLengthByteArray = 7,
}

/// <summary>Encodings of pages.</summary>
internal enum PageEncoding
{
    Plain = 0,
    PlainDictionary = 2,
    Rle = 3,
    BitPacked = 4,
    DeltaBinaryPacked = 5,
    DeltaLengthByteArray = 6,
    DeltaByteArray = 7,
    RleDictionary = 8,
    ByteStreamSplit = 9,
}

/// <summary>An element of the schema tree, listed depth first.</summary>
internal sealed class SchemaNode
{
    public string Name = "";
    public PhysicalType? Type;
    public int TypeLength;
    public int Repetition;
    public int ChildCount;
    public int? ConvertedType;
    public bool IsText;
    public bool HasOtherLogicalType;

    public static SchemaNode Read(ref CompactReader reader)
    {
        var node = new SchemaNode();
        var id = 0;
        while (reader.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1: node.Type = (PhysicalType)reader.ReadInt32(); break;
                case 2: node.TypeLength = reader.ReadInt32(); break;
                case 3: node.Repetition = reader.ReadInt32(); break;
                case 4: node.Name = reader.ReadText(); break;
                case 5: node.ChildCount = reader.ReadInt32(); break;
                case 6: node.ConvertedType = reader.ReadInt32(); break;
                case 10: node.ReadLogicalType(ref reader); break;
                default: reader.Skip(type); break;
            }
        }
        return node;
    }

    // A union: the one field that is set says which. 1 text, 4 enumeration, 10 integer, 12 JSON.
    private void ReadLogicalType(ref CompactReader reader)
    {
        var id = 0;
        while (reader.NextField(ref id, out var type))
        {
            IsText |= id is 1 or 4 or 12;
            HasOtherLogicalType |= id is not (1 or 4 or 10 or 12);
            reader.Skip(type);
        }
    }
}

/// <summary>Where a column's values of a row group are, and how they are written.</summary>
internal sealed class ColumnMeta
{
    public PhysicalType Type;
    public List<int> Encodings = [];
    public IReadOnlyList<string> Path = [];
    public CompressionMethod Codec;
    public long ValueCount;
    public long UncompressedSize;
    public long CompressedSize;
    public long DataPageOffset;
    public long? DictionaryPageOffset;
    public bool IsElsewhere;

    public long Start => DictionaryPageOffset is { } offset and > 0 && offset < DataPageOffset ? offset : DataPageOffset;

    public static ColumnMeta ReadChunk(ref CompactReader reader)
    {
        var column = new ColumnMeta();
        var id = 0;
        while (reader.NextField(ref id, out var type))
        {
            if (id == 3 && type == CompactType.Struct)
            {
                column.Read(ref reader);
                continue;
            }
            column.IsElsewhere |= id is 1 or 8;
            reader.Skip(type);
        }
        return column;
    }

    private void Read(ref CompactReader reader)
    {
        var id = 0;
        while (reader.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1: Type = (PhysicalType)reader.ReadInt32(); break;
                case 4: Codec = (CompressionMethod)reader.ReadInt32(); break;
                case 5: ValueCount = reader.ReadInteger(); break;
                case 6: UncompressedSize = reader.ReadInteger(); break;
                case 7: CompressedSize = reader.ReadInteger(); break;
                case 9: DataPageOffset = reader.ReadInteger(); break;
                case 11: DictionaryPageOffset = reader.ReadInteger(); break;
                default: reader.Skip(type); break;
            }
        }
    }

    public void WriteChunk(CompactWriter writer)
    {
        writer.Int64(2, 0);
        writer.Struct(3, () =>
        {
            writer.Int32(1, (int)Type);
            writer.Integers(2, Encodings);
            writer.Texts(3, Path);
            writer.Int32(4, (int)Codec);
            writer.Int64(5, ValueCount);
            writer.Int64(6, UncompressedSize);
            writer.Int64(7, CompressedSize);
            writer.Int64(9, DataPageOffset);
            if (DictionaryPageOffset is { } offset) writer.Int64(11, offset);
        });
    }
}

/// <summary>A horizontal slice of the table.</summary>
internal sealed class GroupMeta
{
    public List<ColumnMeta> Columns = [];
    public long RowCount;

    public static GroupMeta Read(ref CompactReader reader)
    {
        var group = new GroupMeta();
        var id = 0;
        while (reader.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 1:
                    var (count, _) = reader.ReadList();
                    for (var i = 0; i < count; i++) group.Columns.Add(ColumnMeta.ReadChunk(ref reader));
                    break;
                case 3: group.RowCount = reader.ReadInteger(); break;
                default: reader.Skip(type); break;
            }
        }
        return group;
    }

    public void Write(CompactWriter writer)
    {
        writer.Structs(1, Columns, column => column.WriteChunk(writer));
        writer.Int64(2, Columns.Sum(column => column.UncompressedSize));
        writer.Int64(3, RowCount);
    }
}

/// <summary>The footer.</summary>
internal sealed class FileMeta
{
    public List<SchemaNode> Schema = [];
    public List<GroupMeta> Groups = [];

    public static FileMeta Read(ReadOnlySpan<byte> footer)
    {
        var reader = new CompactReader(footer);
        var meta = new FileMeta();
        var id = 0;
        while (reader.NextField(ref id, out var type))
        {
            switch (id)
            {
                case 2:
                    var (nodes, _) = reader.ReadList();
                    for (var i = 0; i < nodes; i++) meta.Schema.Add(SchemaNode.Read(ref reader));
                    break;
                case 4:
                    var (groups, _) = reader.ReadList();
                    for (var i = 0; i < groups; i++) meta.Groups.Add(GroupMeta.Read(ref reader));
                    break;
                default: reader.Skip(type); break;
            }
        }
        return meta;
    }

    public byte[] Write()
    {
        const int utf8 = 0;
        var writer = new CompactWriter();
        writer.Int32(1, 1);
        writer.Structs(2, Schema, node =>
        {
            if (node.Type is { } type) writer.Int32(1, (int)type);
            if (node.Type is not null) writer.Int32(3, node.Repetition);
            writer.Text(4, node.Name);
            if (node.Type is null) writer.Int32(5, node.ChildCount);
            if (!node.IsText) return;
            writer.Int32(6, utf8);
            writer.Struct(10, () => writer.Struct(1, () => { }));
        });
        writer.Int64(3, Groups.Sum(group => group.RowCount));
        writer.Structs(4, Groups, group => group.Write(writer));
        writer.Text(6, "PretrainBench stand-in for Parquet.Net");
        writer.Stop();
        return writer.ToArray();
    }
}
