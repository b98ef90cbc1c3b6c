using TorchSharp.Native;

namespace TorchSharp;

/// <summary>A number with its element type. The original owns a native handle; here the value itself is enough.</summary>
public sealed class Scalar : IDisposable
{
    private readonly long _bits;

    private Scalar(torch.ScalarType type, Tag kind, long bits)
    {
        Type = type;
        Kind = kind;
        _bits = bits;
    }

    public torch.ScalarType Type { get; }

    internal Tag Kind { get; }

    internal double AsDouble => Kind == Tag.Double ? BitConverter.Int64BitsToDouble(_bits) : _bits;

    internal long AsLong => Kind == Tag.Double ? (long)BitConverter.Int64BitsToDouble(_bits) : _bits;

    internal bool IsIntegral => Kind == Tag.Int;

    public void Dispose()
    {
    }

    public static implicit operator Scalar(byte value) => Integer(torch.ScalarType.Byte, value);
    public static implicit operator Scalar(sbyte value) => Integer(torch.ScalarType.Int8, value);
    public static implicit operator Scalar(short value) => Integer(torch.ScalarType.Int16, value);
    public static implicit operator Scalar(int value) => Integer(torch.ScalarType.Int32, value);
    public static implicit operator Scalar(long value) => Integer(torch.ScalarType.Int64, value);
    public static implicit operator Scalar(Half value) => Real(torch.ScalarType.Float16, (double)value);
    public static implicit operator Scalar(BFloat16 value) => Real(torch.ScalarType.BFloat16, value.ToSingle());
    public static implicit operator Scalar(float value) => Real(torch.ScalarType.Float32, value);
    public static implicit operator Scalar(double value) => Real(torch.ScalarType.Float64, value);
    public static implicit operator Scalar(bool value) => new(torch.ScalarType.Bool, Tag.Bool, value ? 1 : 0);

    internal static Scalar FromNative(torch.ScalarType type, NativeValue value) => new(type, value.Tag, value.Bits);

    private static Scalar Integer(torch.ScalarType type, long value) => new(type, Tag.Int, value);

    private static Scalar Real(torch.ScalarType type, double value) => new(type, Tag.Double, BitConverter.DoubleToInt64Bits(value));
}
