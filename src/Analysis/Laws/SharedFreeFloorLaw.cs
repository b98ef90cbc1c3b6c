namespace PretrainBench.Analysis.Laws;

/// <summary>The shared-exponent law with a floor for each optimizer: 3K + 2 parameters.</summary>
public sealed class SharedFreeFloorLaw : Law
{
    /// <inheritdoc/>
    public override string Name => "shared-free-floor";

    /// <inheritdoc/>
    public override string Formula => "L_o = E_o + A / (rhoN_o N)^alpha + B / (rhoD_o D)^beta";

    /// <inheritdoc/>
    public override string Description => "optimizers share exponents but not the floor that they approach";

    /// <inheritdoc/>
    public override Sharing Floor => Sharing.PerOptimizer;
}
