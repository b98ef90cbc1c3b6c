using System.Buffers.Binary;
using System.Text;

namespace Parquet.Thrift;

/// <summary>Wire types of Thrift's compact protocol.</summary>
internal enum CompactType
{
    Stop = 0,
    True = 1,
    False = 2,
    Byte = 3,
    Int16 = 4,
    Int32 = 5,
    Int64 = 6,
    Double = 7,
    Binary = 8,
    List = 9,
    Set = 10,
    Map = 11,
    Struct = 12,
}

/// <summary>Reads Thrift's compact protocol, in which Parquet writes its metadata.</summary>
internal ref struct CompactReader(ReadOnlySpan<byte> data)
{
    // Metadata of real files is a handful of levels deep; a damaged file must not exhaust the stack.
    private const int DeepestNesting = 64;
    private readonly ReadOnlySpan<byte> _data = data;
    private int _nesting;

    /// <summary>How many bytes have been read.</summary>
    public int Position { get; private set; }

    /// <summary>Reads the header of a struct's next field.</summary>
    /// <param name="id">The id of the field before (0 at first), replaced by this one's.</param>
    /// <param name="type">The field's type; a boolean's value is its type.</param>
    /// <returns>False at the end of the struct.</returns>
    public bool NextField(ref int id, out CompactType type)
    {
        var head = ReadByte();
        type = (CompactType)(head & 0xF);
        if (type == CompactType.Stop) return false;
        id = head >> 4 != 0 ? id + (head >> 4) : (int)ReadInteger();
        return true;
    }

    public byte ReadByte() => _data[Position++];

    public long ReadInteger()
    {
        var value = ReadVarint();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    public int ReadInt32() => checked((int)ReadInteger());

    public ReadOnlySpan<byte> ReadBinary()
    {
        var length = checked((int)ReadVarint());
        var bytes = _data.Slice(Position, length);
        Position += length;
        return bytes;
    }

    public string ReadText() => Encoding.UTF8.GetString(ReadBinary());

    /// <summary>Reads the header of a list.</summary>
    public (int Count, CompactType Type) ReadList()
    {
        var head = ReadByte();
        var count = head >> 4 == 15 ? checked((int)ReadVarint()) : head >> 4;
        // Every element takes at least a byte: a damaged count must not lead to a huge allocation.
        if (count > _data.Length - Position) throw new ParquetException("damaged metadata: a list is longer than the file");
        return (count, (CompactType)(head & 0xF));
    }

    /// <summary>Passes over a value.</summary>
    public void Skip(CompactType type)
    {
        switch (type)
        {
            case CompactType.True or CompactType.False:
                break;
            case CompactType.Byte:
                Position++;
                break;
            case CompactType.Int16 or CompactType.Int32 or CompactType.Int64:
                ReadVarint();
                break;
            case CompactType.Double:
                BinaryPrimitives.ReadDoubleLittleEndian(_data.Slice(Position, 8));
                Position += 8;
                break;
            case CompactType.Binary:
                ReadBinary();
                break;
            case CompactType.List or CompactType.Set:
                SkipList();
                break;
            case CompactType.Map:
                SkipMap();
                break;
            case CompactType.Struct:
                Enter();
                var id = 0;
                while (NextField(ref id, out var field)) Skip(field);
                _nesting--;
                break;
            default:
                throw new ParquetException($"damaged metadata: unknown type {(int)type}");
        }
    }

    private void SkipList()
    {
        Enter();
        var (count, element) = ReadList();
        for (var i = 0; i < count; i++) SkipElement(element);
        _nesting--;
    }

    private void SkipMap()
    {
        Enter();
        var count = ReadVarint();
        var types = count > 0 ? ReadByte() : 0;
        for (var i = 0UL; i < count; i++)
        {
            SkipElement((CompactType)(types >> 4));
            SkipElement((CompactType)(types & 0xF));
        }
        _nesting--;
    }

    // Within lists and maps a boolean takes a byte; as a field it is the type.
    private void SkipElement(CompactType type) => Skip(type is CompactType.True or CompactType.False ? CompactType.Byte : type);

    private void Enter()
    {
        if (++_nesting > DeepestNesting) throw new ParquetException("damaged metadata: nested too deeply");
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (var shift = 0; shift < 70; shift += 7)
        {
            var part = ReadByte();
            value |= (ulong)(part & 0x7F) << shift;
            if ((part & 0x80) == 0) return value;
        }
        throw new ParquetException("damaged metadata: a number is too long");
    }
}
