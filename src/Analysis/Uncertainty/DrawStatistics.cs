using MathNet.Numerics.Statistics;

namespace PretrainBench.Analysis.Uncertainty;

/// <summary>Intervals of bootstrap draws.</summary>
internal static class DrawStatistics
{
    /// <summary>The central interval; quantiles linear between order statistics (type 7 of Hyndman and Fan).</summary>
    public static (double Low, double High) Interval(double[] sorted, double confidence)
    {
        var tail = (1 - confidence) / 2;
        return (SortedArrayStatistics.QuantileCustom(sorted, tail, QuantileDefinition.R7),
            SortedArrayStatistics.QuantileCustom(sorted, 1 - tail, QuantileDefinition.R7));
    }
}
