namespace PretrainBench.Theory.RandomFeatures;

/// <summary>An exponent, with its window and how it was reached.</summary>
/// <param name="Damping">Relative damping, where the optimizer has one.</param>
/// <param name="Alpha">α over all sizes, with its bootstrap interval.</param>
/// <param name="AlphaSmall">α over the smaller half of the sizes.</param>
/// <param name="AlphaLarge">α over the larger half: how far α still depends on the window.</param>
/// <param name="BestRate">The best learning rate at the largest N.</param>
/// <param name="RateOnEdge">Whether the best rate of any size was the first or the last that was tried.</param>
public sealed record FeatureExponent(
    string Sketch,
    FeatureOptimizer Optimizer,
    double SpectralIndex,
    int Steps,
    double? Damping,
    Estimate Alpha,
    double AlphaSmall,
    double AlphaLarge,
    double BestRate,
    bool RateOnEdge);

/// <summary>How much steeper one optimizer is than gradient descent, on the same resamples.</summary>
public sealed record FeatureGap(
    string Sketch, FeatureOptimizer Optimizer, double SpectralIndex, int Steps, Estimate Difference, Estimate Ratio,
    Estimate ToNatural);

/// <summary>The spectral diagnostics of one (s, T) at the largest N, means over sketches and targets, beside the gap
/// that they are to predict.</summary>
/// <param name="MeasuredIndex">s by the log-log slope of the middle of H's spectrum.</param>
/// <param name="Condition">κ = largest over smallest eigenvalue.</param>
/// <param name="Reachable">n_GD(T) = #{h_k &gt; 1/(ηT)} at gradient descent's best η.</param>
/// <param name="UnreachableShare">The share of gradient descent's loss left in modes that it cannot reach in T steps
/// (irreducible part in the denominator).</param>
public sealed record FeatureDiagnostic(
    double SpectralIndex,
    int Steps,
    double MeasuredIndex,
    double EffectiveRank,
    double Condition,
    double Reachable,
    double UnreachableShare,
    double Gap);

/// <summary>A point of a picture: the mean loss at the best learning rate.</summary>
/// <param name="Loss">Population loss with the part that N features cannot reach.</param>
public sealed record FeatureLoss(string Sketch, FeatureOptimizer Optimizer, double SpectralIndex,
    int Size, double Loss);

/// <summary>What the random-feature lab found.</summary>
/// <param name="Exponents">Every optimizer at every s, at the configured T.</param>
/// <param name="Gaps">Every optimizer against gradient descent and the natural gradient.</param>
/// <param name="ByBudget">Gradient descent and the natural gradient at every T.</param>
/// <param name="ByDamping">The natural gradient at every damping.</param>
/// <param name="Diagnostics">One row per (s, T).</param>
/// <param name="DiagnosticRankCorrelation">Spearman's correlation of the unreachable share with the gap over those
/// rows.</param>
public sealed record RandomFeaturesResult(
    RandomFeaturesConfig Config,
    IReadOnlyList<FeatureExponent> Exponents,
    IReadOnlyList<FeatureGap> Gaps,
    IReadOnlyList<FeatureExponent> ByBudget,
    IReadOnlyList<FeatureExponent> ByDamping,
    IReadOnlyList<FeatureDiagnostic> Diagnostics,
    double DiagnosticRankCorrelation,
    IReadOnlyList<FeatureLoss> Losses)
{
    public IReadOnlyList<LabTable> Tables() =>
    [
        ExponentTable("exponents", Exponents),
        new("gaps",
            ["sketch", "optimizer", "s", "steps", "difference", "difference_low", "difference_high", "ratio",
                "ratio_low", "ratio_high",
                "to_natural", "to_natural_low", "to_natural_high"],
            [.. Gaps.Select(g => new object?[]
            {
                g.Sketch, g.Optimizer.ToString(), g.SpectralIndex, g.Steps, g.Difference.Value, g.Difference.Low,
                g.Difference.High,
                g.Ratio.Value, g.Ratio.Low, g.Ratio.High, g.ToNatural.Value, g.ToNatural.Low, g.ToNatural.High,
            })]),
        ExponentTable("exponents_by_budget", ByBudget),
        ExponentTable("exponents_by_damping", ByDamping),
        new("diagnostics",
            ["s", "steps", "measured_s", "effective_rank", "condition", "reachable_modes", "unreachable_share", "gap",
                "rank_correlation"],
            [.. Diagnostics.Select(d => new object?[]
            {
                d.SpectralIndex, d.Steps, d.MeasuredIndex, d.EffectiveRank, d.Condition, d.Reachable,
                d.UnreachableShare, d.Gap,
                DiagnosticRankCorrelation,
            })]),
        new("losses", ["sketch", "optimizer", "s", "features", "loss"],
            [.. Losses.Select(
                l => new object?[] { l.Sketch, l.Optimizer.ToString(), l.SpectralIndex, l.Size, l.Loss })]),
    ];

    private LabTable ExponentTable(string name, IReadOnlyList<FeatureExponent> rows)
        => new(name,
            ["sketch", "optimizer", "s", "steps", "damping", "alpha", "alpha_low", "alpha_high", "alpha_small_sizes",
                "alpha_large_sizes", "first_features", "last_features", "best_rate", "rate_on_edge"],
            [.. rows.Select(e => new object?[]
            {
                e.Sketch, e.Optimizer.ToString(), e.SpectralIndex, e.Steps, e.Damping, e.Alpha.Value,
                e.Alpha.Low, e.Alpha.High,
                e.AlphaSmall, e.AlphaLarge, Config.Sizes[0], Config.Sizes[^1], e.BestRate, e.RateOnEdge,
            })]);
}
