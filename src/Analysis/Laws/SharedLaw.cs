namespace PretrainBench.Analysis.Laws;

/// <summary>The shared-exponent law of Volkova et al. (arXiv 2602.07712), rhoN = rhoD = 1 for the reference: 5 + 2(K − 1) parameters. The placement of rho inside the powers is what the paper's values imply: a larger rho is more efficient.</summary>
public sealed class SharedLaw : Law
{
    /// <inheritdoc/>
    public override string Name => "shared";

    /// <inheritdoc/>
    public override string Formula => "L_o = E + A / (rhoN_o N)^alpha + B / (rhoD_o D)^beta";

    /// <inheritdoc/>
    public override string Description => "optimizers share floor and exponents and differ in how far a parameter and a token go";
}
