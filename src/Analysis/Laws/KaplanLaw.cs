namespace PretrainBench.Analysis.Laws;

/// <summary>A power law in one variable without a floor, after Kaplan et al. (arXiv 2001.08361, eq. 1.3): 2K parameters. Deviation: C is the run's own compute, not the smallest that reaches its loss.</summary>
public sealed class KaplanLaw : Law
{
    /// <inheritdoc/>
    public override string Name => "kaplan";

    /// <inheritdoc/>
    public override string Formula => "L_o = A_o / C^alpha_o";

    /// <inheritdoc/>
    public override string Description => "a straight line in log-log against compute, for each optimizer; the baseline";

    /// <inheritdoc/>
    public override bool SharesExponents => false;

    /// <inheritdoc/>
    public override Sharing Floor => Sharing.Absent;

    /// <inheritdoc/>
    public override Sharing Second => Sharing.Absent;

    /// <inheritdoc/>
    public override LawVariable FirstVariable => LawVariable.Flops;

    /// <inheritdoc/>
    public override int DistinctValuesNeeded => 2;
}
