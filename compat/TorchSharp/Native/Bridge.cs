using System.Runtime.InteropServices;

namespace TorchSharp.Native;

/// <summary>The entry points of compat/TorchSharp.Native/bridge.cpp.</summary>
internal static unsafe partial class Bridge
{
    private const string Library = "pretrainbench_torch";

    static Bridge() => BridgeLoader.Register();

    [LibraryImport(Library)] internal static partial nint pb_version();
    [LibraryImport(Library)] internal static partial long pb_live_handles();
    [LibraryImport(Library)] internal static partial byte* pb_find(byte* name, nint* operation);
    [LibraryImport(Library)] internal static partial byte* pb_call(nint operation, NativeValue* arguments, int count, NativeValue** results, int* resultCount);

    [LibraryImport(Library)] internal static partial void pb_free(nint tensor);
    [LibraryImport(Library)] internal static partial nint pb_share(nint tensor);
    [LibraryImport(Library)] internal static partial byte* pb_from_memory(void* data, long bytes, long* sizes, int dims, int dtype, nint* result);
    [LibraryImport(Library)] internal static partial byte* pb_from_blob(void* data, long* sizes, int dims, int dtype, nint state, delegate* unmanaged<nint, void> release, nint* result);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int pb_dim(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void pb_sizes(nint tensor, long* sizes);
    [LibraryImport(Library), SuppressGCTransition] internal static partial void pb_strides(nint tensor, long* strides);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long pb_numel(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial int pb_dtype(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long pb_device(nint tensor);
    [LibraryImport(Library), SuppressGCTransition] internal static partial long pb_storage_offset(nint tensor);
    [LibraryImport(Library)] internal static partial int pb_is_contiguous(nint tensor);
    [LibraryImport(Library)] internal static partial int pb_is_leaf(nint tensor);
    [LibraryImport(Library)] internal static partial int pb_is_pinned(nint tensor);
    [LibraryImport(Library)] internal static partial byte* pb_data(nint tensor, void** data);
    [LibraryImport(Library)] internal static partial int pb_requires_grad(nint tensor);
    [LibraryImport(Library)] internal static partial byte* pb_set_requires_grad(nint tensor, int value);
    [LibraryImport(Library)] internal static partial byte* pb_grad(nint tensor, nint* grad);
    [LibraryImport(Library)] internal static partial byte* pb_set_grad(nint tensor, nint grad);
    [LibraryImport(Library)] internal static partial byte* pb_retain_grad(nint tensor);

    [LibraryImport(Library)] internal static partial byte* pb_backward(nint* tensors, int count, nint* grads, int gradCount, int retain, int create, nint* inputs, int inputCount);
    [LibraryImport(Library)] internal static partial byte* pb_autograd_grad(nint* outputs, int count, nint* inputs, int inputCount, nint* grads, int gradCount, int retain, int create, int allowUnused, nint* results);
    [LibraryImport(Library)] internal static partial int pb_grad_enabled();
    [LibraryImport(Library)] internal static partial void pb_set_grad_enabled(int on);
    [LibraryImport(Library)] internal static partial nint pb_inference_begin(int on);
    [LibraryImport(Library)] internal static partial void pb_inference_end(nint guard);
    [LibraryImport(Library)] internal static partial int pb_inference_enabled();

    [LibraryImport(Library)] internal static partial void pb_function_callbacks(delegate* unmanaged<nint, nint, nint*, int, int> forward, delegate* unmanaged<nint, nint, nint*, int, nint*, int, int> backward, delegate* unmanaged<nint, void> release);
    [LibraryImport(Library)] internal static partial byte* pb_function_apply(nint state, nint* inputs, int count, NativeValue** results, int* resultCount);
    [LibraryImport(Library)] internal static partial byte* pb_context_save(nint context, nint* tensors, int count);
    [LibraryImport(Library)] internal static partial byte* pb_context_saved(nint context, NativeValue** results, int* resultCount);
    [LibraryImport(Library)] internal static partial byte* pb_context_mark(nint context, int dirty, nint* tensors, int count);
    [LibraryImport(Library)] internal static partial void pb_context_materialize(nint context, int on);

    [LibraryImport(Library)] internal static partial byte* pb_generator_new(ulong seed, long device, nint* generator);
    [LibraryImport(Library)] internal static partial byte* pb_generator_default(long device, nint* generator);
    [LibraryImport(Library)] internal static partial void pb_generator_free(nint generator);
    [LibraryImport(Library)] internal static partial byte* pb_generator_seed(nint generator, ulong seed);
    [LibraryImport(Library)] internal static partial ulong pb_generator_current_seed(nint generator);
    [LibraryImport(Library)] internal static partial byte* pb_generator_random_seed(nint generator, ulong* seed);
    [LibraryImport(Library)] internal static partial byte* pb_generator_state(nint generator, nint* state);
    [LibraryImport(Library)] internal static partial byte* pb_generator_set_state(nint generator, nint state);
    [LibraryImport(Library)] internal static partial byte* pb_manual_seed(long seed);

    [LibraryImport(Library)] internal static partial int pb_num_threads();
    [LibraryImport(Library)] internal static partial byte* pb_set_num_threads(int count);
    [LibraryImport(Library)] internal static partial int pb_num_interop_threads();
    [LibraryImport(Library)] internal static partial int pb_cuda_count();
    [LibraryImport(Library)] internal static partial byte* pb_cuda_synchronize();
    [LibraryImport(Library)] internal static partial int pb_flag(int what);
    [LibraryImport(Library)] internal static partial byte* pb_set_flag(int what, int on);

    /// <summary>Turns the bridge's error text into the exception that TorchSharp throws.</summary>
    internal static void Check(byte* error)
    {
        if (error != null)
            throw new ExternalException(Marshal.PtrToStringUTF8((nint)error));
    }
}
