namespace PretrainBench.Analysis.Laws;

/// <summary>The shared-exponent law with rhoN alone: 5 + (K − 1) parameters.</summary>
public sealed class SharedRhoNLaw : Law
{
    /// <inheritdoc/>
    public override string Name => "shared-rho-n";

    /// <inheritdoc/>
    public override string Formula => "L_o = E + A / (rhoN_o N)^alpha + B / D^beta";

    /// <inheritdoc/>
    public override string Description => "optimizers differ only in how far a parameter goes";

    /// <inheritdoc/>
    public override Sharing Second => Sharing.Shared;
}
