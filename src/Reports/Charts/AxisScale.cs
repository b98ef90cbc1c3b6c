namespace PretrainBench.Reports.Charts;

/// <summary>How values become positions along an axis.</summary>
public enum AxisScale
{
    /// <summary>Equal differences are equal distances.</summary>
    Linear,

    /// <summary>Equal ratios are equal distances; values that are not positive are not drawn.</summary>
    Log,

    /// <summary>Named places: category i lies at value i; on a vertical axis the first is on top.</summary>
    Category,
}
