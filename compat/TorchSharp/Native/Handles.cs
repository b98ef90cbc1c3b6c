namespace TorchSharp.Native;

/// <summary>Lists of tensors as arrays of native handles, and back.</summary>
internal static unsafe class Handles
{
    internal static nint[] Of(IEnumerable<torch.Tensor?>? tensors) => tensors is null ? [] : [.. tensors.Select(t => t is null ? 0 : t.Handle)];

    internal static List<torch.Tensor> Take(NativeValue* results, int count)
    {
        var tensors = new List<torch.Tensor>(count);
        for (var i = 0; i < count; i++)
            tensors.Add(torch.Tensor.Own((nint)results[i].Bits));
        return tensors;
    }
}
