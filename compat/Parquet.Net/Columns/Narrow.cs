namespace Parquet.Columns;

/// <summary>From the physical type of a column to the type of its values: integers of fewer bits are stored in 32 or 64.</summary>
internal static class Narrow
{
    public static T[] To<T>(Array values)
        => values is T[] same && values.GetType() == typeof(T[]) ? same : (T[])(object)Other(typeof(T), values);

    private static Array Other(Type type, Array values)
        => (values, Type.GetTypeCode(type)) switch
        {
            (int[] numbers, TypeCode.SByte) => Array.ConvertAll(numbers, number => (sbyte)number),
            (int[] numbers, TypeCode.Byte) => Array.ConvertAll(numbers, number => (byte)number),
            (int[] numbers, TypeCode.Int16) => Array.ConvertAll(numbers, number => (short)number),
            (int[] numbers, TypeCode.UInt16) => Array.ConvertAll(numbers, number => (ushort)number),
            (int[] numbers, TypeCode.UInt32) => Array.ConvertAll(numbers, number => (uint)number),
            (long[] numbers, TypeCode.UInt64) => Array.ConvertAll(numbers, number => (ulong)number),
            _ => throw new NotSupportedException($"values of type {type.Name} are not supported here"),
        };
}
