using System.Text;

namespace Parquet.Thrift;

/// <summary>Writes Thrift's compact protocol; every struct keeps its own last field id.</summary>
internal sealed class CompactWriter
{
    private readonly MemoryStream _stream = new();
    private readonly Stack<int> _ids = new([0]);

    public byte[] ToArray() => _stream.ToArray();

    public void Int32(int id, int value)
    {
        Header(id, CompactType.Int32);
        Varint(ZigZag(value));
    }

    public void Int64(int id, long value)
    {
        Header(id, CompactType.Int64);
        Varint(ZigZag(value));
    }

    public void Text(int id, string value)
    {
        Header(id, CompactType.Binary);
        Bytes(value);
    }

    public void Struct(int id, Action content)
    {
        Header(id, CompactType.Struct);
        Content(content);
    }

    public void Integers(int id, IReadOnlyList<int> values)
    {
        ListHeader(id, CompactType.Int32, values.Count);
        foreach (var value in values) Varint(ZigZag(value));
    }

    public void Texts(int id, IReadOnlyList<string> values)
    {
        ListHeader(id, CompactType.Binary, values.Count);
        foreach (var value in values) Bytes(value);
    }

    public void Structs<T>(int id, IReadOnlyList<T> values, Action<T> content)
    {
        ListHeader(id, CompactType.Struct, values.Count);
        foreach (var value in values) Content(() => content(value));
    }

    /// <summary>Ends the outermost struct.</summary>
    public void Stop() => _stream.WriteByte(0);

    private void Content(Action content)
    {
        _ids.Push(0);
        content();
        _ids.Pop();
        Stop();
    }

    private void Header(int id, CompactType type)
    {
        var step = id - _ids.Pop();
        _ids.Push(id);
        _stream.WriteByte((byte)((step << 4) | (int)type));
    }

    private void ListHeader(int id, CompactType element, int count)
    {
        Header(id, CompactType.List);
        if (count < 15)
        {
            _stream.WriteByte((byte)((count << 4) | (int)element));
            return;
        }
        _stream.WriteByte((byte)(0xF0 | (int)element));
        Varint((ulong)count);
    }

    private void Bytes(string value)
    {
        var bytes = Encoding.UTF8.GetBytes(value);
        Varint((ulong)bytes.Length);
        _stream.Write(bytes);
    }

    private static ulong ZigZag(long value) => (ulong)((value << 1) ^ (value >> 63));

    private void Varint(ulong value)
    {
        for (; value >= 0x80; value >>= 7) _stream.WriteByte((byte)(value | 0x80));
        _stream.WriteByte((byte)value);
    }
}
