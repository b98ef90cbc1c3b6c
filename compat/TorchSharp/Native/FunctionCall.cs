using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>One application of a custom autograd function: lives as long as the graph that may call its backward.</summary>
internal sealed unsafe class FunctionCall
{
    [ThreadStatic]
    private static Exception? _pending;

    private readonly torch.autograd.IFunction _function;
    private readonly torch.autograd.AutogradContext _context = new();
    private readonly bool[] _isTensor;
    private object[]? _vars;

    static FunctionCall() => Bridge.pb_function_callbacks(&Forward, &Backward, &Release);

    private FunctionCall(torch.autograd.IFunction function, object[] vars)
    {
        _function = function;
        _vars = vars;
        _isTensor = [.. vars.Select(v => v is torch.Tensor)];
    }

    internal static List<torch.Tensor> Apply(torch.autograd.IFunction function, object[] vars)
    {
        var call = new FunctionCall(function, vars);
        var inputs = Handles.Of(vars.OfType<torch.Tensor>());
        NativeValue* results;
        int count;
        byte* error;
        fixed (nint* list = inputs)
            error = Bridge.pb_function_apply(GCHandle.ToIntPtr(GCHandle.Alloc(call)), list, inputs.Length, &results, &count);
        call._vars = null;
        if (TakePendingError() is { } cause)
            ExceptionDispatchInfo.Throw(cause);
        Bridge.Check(error);
        return Handles.Take(results, count);
    }

    /// <summary>The exception that managed code threw under native code on this thread, once.</summary>
    internal static Exception? TakePendingError()
    {
        var error = _pending;
        _pending = null;
        return error;
    }

    [UnmanagedCallersOnly]
    private static int Forward(nint state, nint context, nint* outputs, int capacity)
    {
        var call = (FunctionCall)GCHandle.FromIntPtr(state).Target!;
        return Guarded(call, context, () =>
        {
            var tensors = call._function.Forward(call._context, call._vars!);
            if (tensors.Count > capacity)
                throw new InvalidOperationException($"A custom function may return at most {capacity} tensors.");
            for (var i = 0; i < tensors.Count; i++)
                outputs[i] = Bridge.pb_share(tensors[i].Handle);
            return tensors.Count;
        });
    }

    [UnmanagedCallersOnly]
    private static int Backward(nint state, nint context, nint* grads, int gradCount, nint* outputs, int outputCount)
    {
        var call = (FunctionCall)GCHandle.FromIntPtr(state).Target!;
        return Guarded(call, context, () =>
        {
            using var scope = torch.NewDisposeScope();
            var incoming = new List<torch.Tensor>(gradCount);
            for (var i = 0; i < gradCount; i++)
                incoming.Add(torch.Tensor.Own(grads[i]));
            var tensors = call.InputsOnly(call._function.Backward(call._context, incoming), outputCount);
            for (var i = 0; i < outputCount; i++)
                outputs[i] = tensors[i] is { IsInvalid: false } tensor ? Bridge.pb_share(tensor.Handle) : 0;
            return outputCount;
        });
    }

    [UnmanagedCallersOnly]
    private static void Release(nint state)
    {
        var handle = GCHandle.FromIntPtr(state);
        ((FunctionCall)handle.Target!)._context.Dispose();
        handle.Free();
    }

    // No exception may cross native frames: it is kept for the caller on the other side.
    private static int Guarded(FunctionCall call, nint context, Func<int> body)
    {
        call._context.Native = context;
        try
        {
            return body();
        }
        catch (Exception e)
        {
            _pending = e;
            return -1;
        }
        finally
        {
            call._context.Native = 0;
        }
    }

    // Backward may answer for the tensors alone, or for every argument with null where it is no tensor.
    private List<torch.Tensor> InputsOnly(List<torch.Tensor> results, int expected)
    {
        if (results.Count == expected)
            return results;
        if (results.Count != _isTensor.Length)
            throw new InvalidOperationException($"backward returned {results.Count} gradients for {expected} tensors.");
        return [.. results.Where((_, i) => _isTensor[i])];
    }
}
