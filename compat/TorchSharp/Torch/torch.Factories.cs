using System.Runtime.InteropServices;
using TorchSharp.Native;
using static TorchSharp.Native.Operator;

namespace TorchSharp;

public static partial class torch
{
    public static Tensor arange(Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange((Scalar)0, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        arange(start, stop, 1, dtype, device, requires_grad);

    public static Tensor arange(Scalar start, Scalar stop, Scalar step, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        New(Call("arange.start_step", start, stop, step, dtype, Argument.None, device), requires_grad);

    public static Tensor linspace(double start, double end, long steps, ScalarType? dtype = null, Device? device = null, bool requires_grad = false) =>
        New(Call("linspace", start, end, steps, dtype, Argument.None, device), requires_grad);

    public static Tensor eye(long rows, long columns = -1, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New(Call("eye.m", rows, columns < 0 ? rows : columns, dtype, Argument.None, device), requires_grad);

    public static Tensor zeros_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New(Call("zeros_like", input, dtype, Argument.None, device), requires_grad);

    public static Tensor ones_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New(Call("ones_like", input, dtype, Argument.None, device), requires_grad);

    public static Tensor empty_like(Tensor input, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New(Call("empty_like", input, dtype, Argument.None, device), requires_grad);

    public static Tensor full_like(Tensor input, Scalar value, ScalarType? dtype = null, Device? device = null, bool requires_grad = false, string[]? names = null) =>
        New(Call("full_like", input, value, dtype, Argument.None, device), requires_grad);

    public static Tensor as_tensor(Tensor data, ScalarType? dtype = null, Device? device = null) =>
        data.to(dtype ?? data.dtype, device ?? data.device);

    public static Tensor from_array(Array rawArray, Device? device = null) => from_array(rawArray, null, device);

    /// <summary>Aliases the array while type and device stay; later writes to the array are visible.</summary>
    public static unsafe Tensor from_array(Array rawArray, ScalarType? dtype, Device? device = null, bool requires_grad = false, string[]? names = null)
    {
        var source = ScalarTypeOf(rawArray.GetType().GetElementType()!);
        var sizes = Enumerable.Range(0, rawArray.Rank).Select(rawArray.GetLongLength).ToArray();
        var pin = GCHandle.Alloc(rawArray, GCHandleType.Pinned);
        nint handle;
        fixed (long* dims = sizes)
            Bridge.Check(Bridge.pb_from_blob((void*)pin.AddrOfPinnedObject(), dims, sizes.Length, (int)source, GCHandle.ToIntPtr(pin), &ReleasePin, &handle));
        return Convert(Tensor.Own(handle), dtype, device, requires_grad);
    }

    [UnmanagedCallersOnly]
    private static void ReleasePin(nint state) => GCHandle.FromIntPtr(state).Free();

    private static Tensor New(Tensor result, bool requires_grad) => requires_grad ? result.requires_grad_() : result;

    private static unsafe Tensor FromSpan<T>(ReadOnlySpan<T> data, ReadOnlySpan<long> sizes, ScalarType? dtype, Device? device, bool requires_grad)
        where T : unmanaged
    {
        nint handle;
        fixed (T* source = data)
        fixed (long* dims = sizes)
            Bridge.Check(Bridge.pb_from_memory(source, (long)data.Length * sizeof(T), dims, sizes.Length, (int)ScalarTypeOf(typeof(T)), &handle));
        return Convert(Tensor.Own(handle), dtype, device, requires_grad);
    }

    private static unsafe Tensor FromArray<T>(T[,] data, ScalarType? dtype, Device? device, bool requires_grad)
        where T : unmanaged
    {
        fixed (T* source = data)
            return FromSpan(new ReadOnlySpan<T>(source, data.Length), [data.GetLength(0), data.GetLength(1)], dtype, device, requires_grad);
    }

    private static Tensor Convert(Tensor source, ScalarType? dtype, Device? device, bool requires_grad)
    {
        if ((dtype ?? source.dtype) == source.dtype && (device ?? CPU).type == DeviceType.CPU)
            return New(source, requires_grad);
        return New(source.to(dtype ?? source.dtype, device ?? CPU, disposeAfter: true), requires_grad);
    }
}
