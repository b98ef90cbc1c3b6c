namespace PretrainBench.Optimizers;

/// <summary>Names of <see cref="UpdateRule.Counters"/>.</summary>
internal static class RuleCounters
{
    /// <summary>Eigendecompositions or QR factorisations that failed in float64 too, so that the last good result was
    /// kept.</summary>
    public const string EigendecompositionFailures = "eigendecomposition_failures";
}
