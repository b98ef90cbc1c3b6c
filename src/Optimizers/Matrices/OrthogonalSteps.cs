using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Matrices;

/// <summary>Steps along orthogonalised directions: taken at once, or kept until all are known and then taken shape by
/// shape, as one stack (<see cref="OrthogonalisationOptions.StackSameShapes"/>). One after the other, small matrices
/// leave a GPU idle and pay for each call.</summary>
internal sealed class OrthogonalSteps(OrthogonalisationOptions options)
{
    // Numbers in a stack beyond which a GPU is busy anyway and memory begins to matter (256 MB in float32).
    private const long LargestStack = 1 << 26;

    private readonly List<(int Index, Tensor Weight_MN, Tensor Direction_MN, double Factor)> _kept = [];

    /// <summary>weight ← weight + factor·NewtonSchulz(direction), now or in <see cref="Finish"/>. Parameters may call
    /// at the same time.</summary>
    /// <param name="index">The parameter's index, which orders the stacks.</param>
    /// <param name="direction_MN">The direction; must not change before <see cref="Finish"/>.</param>
    public void Take(int index, Tensor weight_MN, Tensor direction_MN, double factor)
    {
        if (options.Stacks(weight_MN))
            lock (_kept)
                _kept.Add(
                    (index, weight_MN.alias().DetachFromDisposeScope(),
                        direction_MN.alias().DetachFromDisposeScope(), factor));
        else
            weight_MN.add_(NewtonSchulz.Orthogonalise(direction_MN, options), factor);
    }

    /// <summary>Takes the steps that were kept.</summary>
    public void Finish()
    {
        foreach (var sameShape in _kept.OrderBy(kept => kept.Index)
                .GroupBy(kept => (kept.Weight_MN.size(0), kept.Weight_MN.size(1))))
            foreach (var together in sameShape.Chunk(
                    (int)Math.Max(1, LargestStack / (sameShape.Key.Item1 * sameShape.Key.Item2))))
                TakeTogether(together);
        foreach (var kept in _kept)
        {
            kept.Weight_MN.Dispose();
            kept.Direction_MN.Dispose();
        }
        _kept.Clear();
    }

    private void TakeTogether((int Index, Tensor Weight_MN, Tensor Direction_MN, double Factor)[] steps)
    {
        using var scope = NewDisposeScope();
        var update_BMN = NewtonSchulz.Orthogonalise(stack(steps.Select(step => step.Direction_MN), 0), options);
        foreach (var (step, i) in steps.Select((step, i) => (step, i)))
            step.Weight_MN.add_(update_BMN.select(0, i), step.Factor);
    }
}
