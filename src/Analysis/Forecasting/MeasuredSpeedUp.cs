using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Forecasting;

/// <summary>One optimizer's speed-ups at single sizes, by <see cref="RatioSpeedUp"/>: a check on the law that needs no
/// law across sizes.</summary>
/// <param name="Points">Its speed-ups over the reference, smallest size first.</param>
public sealed record MeasuredSpeedUp(string Optimizer, IReadOnlyList<SpeedUpPoint> Points)
{
    /// <summary>Speed-ups of every optimizer for which the runs suffice.</summary>
    /// <param name="reference">The optimizer whose curve is inverted.</param>
    /// <returns>One entry for each such optimizer.</returns>
    public static IReadOnlyList<MeasuredSpeedUp> Of(RunTable table, string reference)
        => [.. table.Optimizers.Where(name => name != reference).Select(name => Try(table, name, reference))
            .OfType<MeasuredSpeedUp>()];

    private static MeasuredSpeedUp? Try(RunTable table, string optimizer, string reference)
    {
        try
        {
            // A loss that the reference's curve never reaches has no speed-up that could be quoted.
            var points = RatioSpeedUp.Of(table, optimizer, reference)
                .Where(point => double.IsFinite(point.SpeedUp)).ToList();
            return points.Count > 0 ? new(optimizer, points) : null;
        }
        catch (UserException)
        {
            return null;
        }
    }
}
