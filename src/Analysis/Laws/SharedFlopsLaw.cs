namespace PretrainBench.Analysis.Laws;

/// <summary>The shared-exponent law by compute. D is replaced by C / (k_ref N), with k_ref the reference optimizer's measured FLOPs for each token and parameter, so that rhoC_o = rhoD_o k_ref / k_o. The published formula of the compute-based form is not known to us; this is ours.</summary>
public sealed class SharedFlopsLaw : Law
{
    /// <inheritdoc/>
    public override string Name => "shared-flops";

    /// <inheritdoc/>
    public override string Formula => "L_o = E + A / (rhoN_o N)^alpha + B / (rhoC_o C / (k_ref N))^beta";

    /// <inheritdoc/>
    public override string Description => "as shared, with a run paid for in FLOPs (optimizer step included) instead of tokens";

    /// <inheritdoc/>
    public override LawVariable SecondVariable => LawVariable.TokensByFlops;
}
