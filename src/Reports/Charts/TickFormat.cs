namespace PretrainBench.Reports.Charts;

/// <summary>How the values of an axis are written.</summary>
public enum TickFormat
{
    /// <summary>Plain decimals; very small and very large numbers as a mantissa times a power of ten.</summary>
    Number,

    /// <summary>Counts with K, M, B and T for thousands to trillions: parameters and tokens.</summary>
    Count,

    /// <summary>Fractions as percentages: .05 is 5 %.</summary>
    Percent,
}
