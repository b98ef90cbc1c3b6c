using static TorchSharp.torch;

namespace PretrainBench.Torch;

/// <summary>Causal attention as <c>scaled_dot_product_attention</c> takes it on the CPU, with scores divided by the
/// root of the last dimension, and its gradient, both without autograd. All tensors are [sequences, heads,
/// positions, head dimension]; the memory of results is in the order [sequences, positions, heads, head
/// dimension].</summary>
public static class CpuAttention
{
    private static readonly Lazy<jit.CompilationUnit> Functions = new(() => jit.compile("""
        def attention(query, key, value):
            mixed, normalizers = torch._scaled_dot_product_flash_attention_for_cpu(query, key, value, 0.0, True)
            return [mixed, normalizers]

        def gradients(gradient, query, key, value, mixed, normalizers):
            a, b, c = torch._scaled_dot_product_flash_attention_for_cpu_backward(
                gradient, query, key, value, mixed, normalizers, 0.0, True)
            return [a, b, c]

        """));

    /// <summary>The mixed values, and the scores' normalisers that the gradient needs.</summary>
    public static (Tensor Mixed, Tensor Normalizers) Forward(Tensor query, Tensor key, Tensor value)
    {
        var results = Functions.Value.invoke<Tensor[]>("attention", query, key, value);
        return (results[0], results[1]);
    }

    /// <summary>The gradients with respect to query, key and value, from that with respect to the mixed
    /// values.</summary>
    public static (Tensor Query, Tensor Key, Tensor Value) Backward(Tensor gradient, Tensor query, Tensor key,
        Tensor value, Tensor mixed, Tensor normalizers)
    {
        var results =
            Functions.Value.invoke<Tensor[]>("gradients", gradient, query, key, value, mixed, normalizers);
        return (results[0], results[1], results[2]);
    }
}
