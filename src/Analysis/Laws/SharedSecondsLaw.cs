namespace PretrainBench.Analysis.Laws;

/// <summary>The shared-exponent law by measured time. D is replaced by S / (k_ref N), with k_ref the reference optimizer's seconds for each token and parameter, so that rhoC_o = rhoD_o k_ref / k_o.</summary>
public sealed class SharedSecondsLaw : Law
{
    /// <inheritdoc/>
    public override string Name => "shared-seconds";

    /// <inheritdoc/>
    public override string Formula => "L_o = E + A / (rhoN_o N)^alpha + B / (rhoC_o S / (k_ref N))^beta";

    /// <inheritdoc/>
    public override string Description => "as shared, with a run paid for in measured seconds (optimizer step included) instead of tokens";

    /// <inheritdoc/>
    public override LawVariable SecondVariable => LawVariable.TokensBySeconds;
}
