using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>Everything an optimizer needs to go on exactly where it was, by name (<c>parameter/quantity</c>).</summary>
/// <param name="Tensors">The live tensors, not copies: write them out before the next step; the optimizer keeps owning
/// them.</param>
/// <param name="Scalars">Counters and other single numbers; whole numbers are exact up to 2^53.</param>
public sealed record OptimizerState(
    IReadOnlyDictionary<string, Tensor> Tensors, IReadOnlyDictionary<string, double> Scalars);
