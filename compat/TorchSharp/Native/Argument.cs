using System.Runtime.InteropServices;

namespace TorchSharp.Native;

internal enum Tag
{
    None, Tensor, Int, Double, Bool, Ints, Tensors, OptionalTensors, String, Device, Generator, Default,
}

/// <summary>One boxed value as the bridge reads and writes it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeValue
{
    public Tag Tag;
    public int Count;
    public long Bits;
}

/// <summary>One argument of an operator, before it is laid out for the bridge; null is the absent optional.</summary>
internal readonly struct Argument
{
    internal readonly Tag Tag;
    internal readonly long Bits;
    internal readonly object? Reference;

    private Argument(Tag tag, long bits, object? reference = null)
    {
        Tag = tag;
        Bits = bits;
        Reference = reference;
    }

    /// <summary>Whatever the operator's schema gives as the default.</summary>
    internal static Argument Default => new(Tag.Default, 0);

    internal static Argument None => default;

    internal static Argument Optional(IReadOnlyList<torch.Tensor?> tensors) => new(Tag.OptionalTensors, 0, tensors);

    private static Argument Of(double value) => new(Tag.Double, BitConverter.DoubleToInt64Bits(value));

    public static implicit operator Argument(torch.Tensor? tensor) => tensor is null ? default : new(Tag.Tensor, 0, tensor);
    public static implicit operator Argument(long value) => new(Tag.Int, value);
    public static implicit operator Argument(int value) => new(Tag.Int, value);
    public static implicit operator Argument(double value) => Of(value);
    public static implicit operator Argument(bool value) => new(Tag.Bool, value ? 1 : 0);
    public static implicit operator Argument(long? value) => value is { } v ? v : default(Argument);
    public static implicit operator Argument(double? value) => value is { } v ? v : default(Argument);
    public static implicit operator Argument(string? value) => value is null ? default : new(Tag.String, 0, value);
    public static implicit operator Argument(long[]? value) => value is null ? default : new(Tag.Ints, 0, value);
    public static implicit operator Argument(torch.Tensor[] value) => new(Tag.Tensors, 0, value);
    public static implicit operator Argument(torch.ScalarType value) => new(Tag.Int, (long)value);
    public static implicit operator Argument(torch.ScalarType? value) => value is { } v ? v : default(Argument);
    public static implicit operator Argument(torch.Device? value) => value is null ? default : new(Tag.Device, value.Packed);
    public static implicit operator Argument(torch.Generator? value) => value is null ? default : new(Tag.Generator, 0, value);
    public static implicit operator Argument(Scalar? value) => value is null ? default : value.Kind switch
    {
        Tag.Double => Of(value.AsDouble),
        Tag.Bool => value.AsLong != 0,
        _ => value.AsLong,
    };
}
