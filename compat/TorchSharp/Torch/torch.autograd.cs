using System.Runtime.InteropServices;
using TorchSharp.Native;

namespace TorchSharp;

public static unsafe partial class torch
{
    public static partial class autograd
    {
        public static void backward(IList<Tensor> tensors, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null)
        {
            nint[] roots = Handles.Of(tensors), grads = Handles.Of(grad_tensors), into = Handles.Of(inputs);
            fixed (nint* r = roots, g = grads, i = into)
            {
                var keep = retain_graph is { } retain ? retain ? 1 : 0 : -1;
                Check(Bridge.pb_backward(r, roots.Length, g, grads.Length, keep, create_graph ? 1 : 0, i, into.Length));
            }
        }

        public static void backward(Tensor tensor, IList<Tensor>? grad_tensors = null, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], grad_tensors, retain_graph, create_graph, inputs);

        public static void backward(Tensor tensor, Tensor grad_tensor, bool? retain_graph = null, bool create_graph = false, IList<Tensor>? inputs = null) =>
            backward([tensor], [grad_tensor], retain_graph, create_graph, inputs);

        public static IList<Tensor> grad(IList<Tensor> outputs, IList<Tensor> inputs, IList<Tensor>? grad_outputs = null, bool retain_graph = false, bool create_graph = false, bool allow_unused = false)
        {
            nint[] roots = Handles.Of(outputs), into = Handles.Of(inputs), grads = Handles.Of(grad_outputs), results = new nint[into.Length];
            fixed (nint* o = roots, i = into, g = grads, r = results)
                Check(Bridge.pb_autograd_grad(o, roots.Length, i, into.Length, g, grads.Length, retain_graph ? 1 : 0, create_graph ? 1 : 0, allow_unused ? 1 : 0, r));
            return [.. results.Select(Tensor.Own)];
        }

        // A managed backward that threw is the cause of the native error, and says more.
        private static void Check(byte* error)
        {
            var cause = FunctionCall.TakePendingError();
            if (error != null)
                throw new ExternalException(Marshal.PtrToStringUTF8((nint)error) + (cause is null ? "" : ": " + cause.Message), cause);
        }
    }

    public partial class Tensor
    {
        public void backward() => autograd.backward([this]);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward([this], grad_tensors, retain_graph, create_graph, inputs);
    }
}
