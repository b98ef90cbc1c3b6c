using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>Weight decay only where it agrees with the step u (Chen et al., arXiv 2510.12402):
/// W ← W − lr·u − lr·w·[u∘W ≥ 0]∘W. It compares the weights before and after a step, so that it serves every rule.
/// Deviation: a step that is lost in rounding agrees.</summary>
internal static class CautiousDecay
{
    /// <summary>Takes a step that does not decay itself, and then decays.</summary>
    /// <param name="shrinkage">lr·w.</param>
    public static void After(Action update, IReadOnlyList<ParameterSlot> slots, double shrinkage)
    {
        var before = slots.Where(slot => slot.ElementCount > 0 && slot.Parameter.Value.grad is not null)
            .Select(slot => (Slot: slot, Weight: slot.Weight.clone())).ToList();
        update();
        foreach (var (slot, weight) in before)
        {
            using var scope = NewDisposeScope();
            var agrees = weight.sub(slot.Weight).mul_(weight).ge(0).to_type(weight.dtype);
            slot.Weight.addcmul_(agrees, weight, -shrinkage);
            slot.Commit();
        }
    }
}
