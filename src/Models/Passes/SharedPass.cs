using PretrainBench.Models.Layers;
using PretrainBench.Torch;

namespace PretrainBench.Models.Passes;

/// <summary>A direct pass with the sequences shared out among torch's threads, each with operators on that thread
/// alone: a small model's products and loops are too short to share out themselves.</summary>
internal static class SharedPass
{
    /// <summary>Adds the gradient of weight · mean loss to the parameters' <c>grad</c>; returns weight · mean loss, a
    /// scalar.</summary>
    /// <param name="create">Makes a pass; every thread has its own.</param>
    /// <param name="inputs_BT">Tokens.</param>
    /// <param name="targets_BT">The tokens that follow.</param>
    public static Tensor AddGradients(Func<DirectPass> create, Tensor inputs_BT, Tensor targets_BT,
        PositionTables positions, double zLoss, double weight)
    {
        var sequences = inputs_BT.size(0);
        var count = (int)Math.Min(get_num_threads(), sequences);
        var passes = Enumerable.Range(0, count).Select(_ => create()).ToArray();
        var losses = new Tensor[count];
        SideBySide.ForEach(count, part =>
        {
            using var scope = NewDisposeScope();
            var (first, end) = (part * sequences / count, (part + 1) * sequences / count);
            losses[part] = passes[part].FindGradients(inputs_BT.narrow(0, first, end - first).reshape(-1),
                targets_BT.narrow(0, first, end - first).reshape(-1), positions, zLoss,
                weight * (end - first) / sequences).DetachFromDisposeScope();
        });
        foreach (var pass in passes) pass.Commit();
        // In the caller's scope.
        var total = losses[0].clone();
        foreach (var loss in losses.Skip(1)) total.add_(loss);
        foreach (var loss in losses) loss.Dispose();
        return total;
    }
}
