using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

namespace TorchSharp.Native;

/// <summary>Operators of the ATen dispatcher, found once by name ("add.Tensor": the overload after the dot).</summary>
internal static unsafe class Operator
{
    private const int StackBytes = 512;
    private static readonly ConcurrentDictionary<string, nint> Found = new();

    /// <summary>Calls an operator that returns one tensor.</summary>
    internal static torch.Tensor Call(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results;
        int count;
        Invoke(name, arguments, &results, &count);
        return torch.Tensor.Own((nint)results[0].Bits);
    }

    /// <summary>Calls an in-place operator; the caller returns its own wrapper.</summary>
    internal static void Run(string name, params ReadOnlySpan<Argument> arguments) => Invoke(name, arguments, null, null);

    /// <summary>Calls an operator that returns several tensors, or a list of them.</summary>
    internal static torch.Tensor[] CallMany(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results;
        int count;
        Invoke(name, arguments, &results, &count);
        var tensors = new torch.Tensor[count];
        for (var i = 0; i < count; i++)
            tensors[i] = torch.Tensor.Own((nint)results[i].Bits);
        return tensors;
    }

    internal static (torch.Tensor, torch.Tensor) CallPair(string name, params ReadOnlySpan<Argument> arguments)
    {
        var tensors = CallMany(name, arguments);
        return (tensors[0], tensors[1]);
    }

    /// <summary>Calls an operator that returns a number or a truth value.</summary>
    internal static NativeValue CallValue(string name, params ReadOnlySpan<Argument> arguments)
    {
        NativeValue* results;
        int count;
        Invoke(name, arguments, &results, &count);
        return results[0];
    }

    /// <summary>Whether this libtorch has the operator at all.</summary>
    internal static bool Exists(string name) => Find(name) != 0;

    private static nint Find(string name) => Found.TryGetValue(name, out var operation) ? operation : Found.GetOrAdd(name, Lookup);

    private static nint Lookup(string name)
    {
        nint operation;
        fixed (byte* text = Encoding.UTF8.GetBytes("aten::" + name + '\0'))
            Bridge.Check(Bridge.pb_find(text, &operation));
        return operation;
    }

    private static void Invoke(string name, ReadOnlySpan<Argument> arguments, NativeValue** results, int* count)
    {
        var operation = Find(name);
        if (operation == 0)
            throw new ExternalException($"aten::{name}: this libtorch has no such operator.");
        var extra = ExtraBytes(arguments);
        var values = stackalloc NativeValue[arguments.Length];
        var small = stackalloc byte[extra <= StackBytes ? extra : 0];
        var large = extra <= StackBytes ? null : (byte*)NativeMemory.Alloc((nuint)extra);
        try
        {
            Lay(arguments, values, large == null ? small : large);
            var error = Bridge.pb_call(operation, values, arguments.Length, results, count);
            foreach (ref readonly var argument in arguments)
                GC.KeepAlive(argument.Reference);
            Bridge.Check(error);
        }
        finally
        {
            NativeMemory.Free(large);
        }
    }

    // Lists and strings are copied behind the values, so that nothing has to be pinned.
    private static int ExtraBytes(ReadOnlySpan<Argument> arguments)
    {
        var bytes = 0;
        foreach (ref readonly var argument in arguments)
        {
            bytes += argument.Tag switch
            {
                Tag.Ints => 8 * ((long[])argument.Reference!).Length,
                Tag.Tensors or Tag.OptionalTensors => 8 * ((IReadOnlyList<torch.Tensor?>)argument.Reference!).Count,
                Tag.String => (Encoding.UTF8.GetMaxByteCount(((string)argument.Reference!).Length) + 7) & ~7,
                _ => 0,
            };
        }

        return bytes;
    }

    private static void Lay(ReadOnlySpan<Argument> arguments, NativeValue* values, byte* extra)
    {
        for (var i = 0; i < arguments.Length; i++)
        {
            ref readonly var argument = ref arguments[i];
            values[i] = new NativeValue { Tag = argument.Tag, Bits = argument.Bits };
            switch (argument.Tag)
            {
                case Tag.Tensor:
                    values[i].Bits = ((torch.Tensor)argument.Reference!).Handle;
                    break;
                case Tag.Generator:
                    values[i].Bits = ((torch.Generator)argument.Reference!).Handle;
                    break;
                case Tag.Ints or Tag.Tensors or Tag.OptionalTensors or Tag.String:
                    values[i].Bits = (nint)extra;
                    values[i].Count = Copy(argument, extra, out var bytes);
                    extra += bytes;
                    break;
            }
        }
    }

    private static int Copy(in Argument argument, byte* target, out int bytes)
    {
        if (argument.Reference is long[] numbers)
        {
            numbers.CopyTo(new Span<long>(target, numbers.Length));
            bytes = 8 * numbers.Length;
            return numbers.Length;
        }

        if (argument.Reference is string text)
        {
            var length = Encoding.UTF8.GetBytes(text, new Span<byte>(target, Encoding.UTF8.GetMaxByteCount(text.Length)));
            bytes = (length + 7) & ~7;
            return length;
        }

        var tensors = (IReadOnlyList<torch.Tensor?>)argument.Reference!;
        for (var i = 0; i < tensors.Count; i++)
            ((nint*)target)[i] = tensors[i] is { } tensor ? tensor.Handle : 0;
        bytes = 8 * tensors.Count;
        return tensors.Count;
    }
}
