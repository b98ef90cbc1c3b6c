using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>What a rule is built from, beside its settings.</summary>
/// <param name="Parameters">The parameters that it updates, in the model's order.</param>
/// <param name="Seed">The run's seed, for rules that draw random numbers.</param>
public sealed record RuleContext(IReadOnlyList<ModelParameter<Tensor>> Parameters, ulong Seed);
