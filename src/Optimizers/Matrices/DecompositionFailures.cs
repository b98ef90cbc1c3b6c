using PretrainBench.Torch;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

/// <summary>Counts the eigendecompositions and QR factorisations of a rule that gave nothing finite, so that the last
/// good result was kept. The count is on the device: to look at each result would wait for it.</summary>
internal sealed class DecompositionFailures
{
    /// <summary>Its name among <see cref="UpdateRule.Counters"/> and in the state.</summary>
    public const string Name = "eigendecomposition_failures";

    private readonly Tensor _count;

    public DecompositionFailures(RuleState state, Device device)
        => _count = state.Add(Name, zeros(Array.Empty<long>(), dtype: ScalarType.Float64, device: device));

    /// <summary>The count by its name.</summary>
    public IReadOnlyDictionary<string, long> Counters
        => new Dictionary<string, long> { [Name] = (long)_count.ReadNumber() };

    /// <summary>Puts what was computed in place of what was there, where the first of it is finite; else counts a
    /// failure. Of a stack, each matrix by itself.</summary>
    /// <param name="matrices">How many matrices the targets hold.</param>
    /// <param name="renewals">Targets, changed in place, and what they become, the first a matrix or a stack; null when
    /// there is nothing to take.</param>
    public void Take(int matrices, params IReadOnlyList<(Tensor Target, Tensor Renewed)>? renewals)
    {
        using var scope = NewDisposeScope();
        var isFinite = renewals?[0].Renewed.isfinite().flatten(-2).all(-1);
        foreach (var (target, renewed) in renewals ?? [])
            target.copy_(where(Broadcast(isFinite!, target), renewed, target));
        // Parameters that are updated at the same time count in one number.
        lock (_count) _count.add_(isFinite is null ? full_like(_count, matrices) : isFinite.logical_not().sum());
    }

    // One for all of a matrix, or one for each of a stack.
    private static Tensor Broadcast(Tensor isFinite_K, Tensor target)
        => isFinite_K.view([-1, .. Enumerable.Repeat(1L, (int)target.Dimensions - 1)]);
}
