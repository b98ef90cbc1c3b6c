namespace PretrainBench.Analysis.Laws;

/// <summary>The parametric law of Hoffmann et al. (arXiv 2203.15556, approach 3), fitted to each optimizer apart: 5K parameters.</summary>
public sealed class PerOptimizerLaw : Law
{
    /// <inheritdoc/>
    public override string Name => "per-optimizer";

    /// <inheritdoc/>
    public override string Formula => "L_o = E_o + A_o / N^alpha_o + B_o / D^beta_o";

    /// <inheritdoc/>
    public override string Description => "every optimizer has its own floor, coefficients and exponents";

    /// <inheritdoc/>
    public override bool SharesExponents => false;

    /// <inheritdoc/>
    public override Sharing Floor => Sharing.PerOptimizer;
}
