namespace PretrainBench.Models;

/// <summary>How a run's matrix products are taken. It changes results in their last digits, and is part of a run's
/// identity.</summary>
public enum Precision
{
    /// <summary>Everything in 32 bits.</summary>
    Fp32,

    /// <summary>Products with weights in bf16 with 32-bit accumulation; weights, optimizer, attention, norms and loss
    /// in 32 bits. About twice as fast on processors with AMX or avx512_bf16, and on GPUs.</summary>
    Bf16Linears,
}
