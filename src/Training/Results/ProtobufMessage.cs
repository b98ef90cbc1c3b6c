using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace PretrainBench.Training.Results;

/// <summary>A message in the form of Protocol Buffers, field by field.</summary>
internal sealed class ProtobufMessage
{
    private const int VariableLength = 0, EightBytes = 1, Counted = 2, FourBytes = 5;

    private readonly ArrayBufferWriter<byte> _bytes = new();

    public ReadOnlySpan<byte> Bytes => _bytes.WrittenSpan;

    public ProtobufMessage Whole(int field, long value)
    {
        Begin(field, VariableLength);
        Variable((ulong)value);
        return this;
    }

    public ProtobufMessage Real(int field, double value)
    {
        Begin(field, EightBytes);
        Span<byte> bytes = stackalloc byte[sizeof(double)];
        BinaryPrimitives.WriteDoubleLittleEndian(bytes, value);
        _bytes.Write(bytes);
        return this;
    }

    public ProtobufMessage Single(int field, double value)
    {
        Begin(field, FourBytes);
        Span<byte> bytes = stackalloc byte[sizeof(float)];
        BinaryPrimitives.WriteSingleLittleEndian(bytes, (float)value);
        _bytes.Write(bytes);
        return this;
    }

    public ProtobufMessage Text(int field, string value) => Content(field, Encoding.UTF8.GetBytes(value));

    public ProtobufMessage Message(int field, ProtobufMessage value) => Content(field, value.Bytes);

    private ProtobufMessage Content(int field, ReadOnlySpan<byte> content)
    {
        Begin(field, Counted);
        Variable((ulong)content.Length);
        _bytes.Write(content);
        return this;
    }

    private void Begin(int field, int kind) => Variable((ulong)(field << 3 | kind));

    // Seven bits a byte, the lowest first.
    private void Variable(ulong value)
    {
        for (; value > 0x7f; value >>= 7) _bytes.Write([(byte)(value | 0x80)]);
        _bytes.Write([(byte)value]);
    }
}
