namespace PretrainBench.Analysis.Laws;

/// <summary>The shared-exponent law with rhoD alone: 5 + (K − 1) parameters.</summary>
public sealed class SharedRhoDLaw : Law
{
    /// <inheritdoc/>
    public override string Name => "shared-rho-d";

    /// <inheritdoc/>
    public override string Formula => "L_o = E + A / N^alpha + B / (rhoD_o D)^beta";

    /// <inheritdoc/>
    public override string Description => "optimizers differ only in how far a token goes";

    /// <inheritdoc/>
    public override Sharing First => Sharing.Shared;
}
