namespace PretrainBench.Optimizers.Matrices;

/// <summary>Which polynomials X ← aX + bXXᵀX + c(XXᵀ)²X a Newton–Schulz iteration applies, one after the
/// other.</summary>
public enum CoefficientSet
{
    /// <summary>(3.4445, −4.7750, 2.0315) at every step: fast, singular values end between about 0.68 and 1.14 (Jordan,
    /// Muon).</summary>
    Quintic,

    /// <summary>Five triples, each the best for what the one before leaves (Amsel et al., Polar Express, arXiv
    /// 2505.16932); the norm is taken 1.02 times.</summary>
    PolarExpress,

    /// <summary>Five tuned triples (You Jiacheng, in modded-nanogpt; Marin's "quintic").</summary>
    TunedQuintic,

    /// <summary>(2, −1.5, 0.5): converges to orthogonal in 10 to 20 steps.</summary>
    Convergent,

    /// <summary>(3, −16/5, 6/5): lifts small singular values faster, then closes in by a factor of 0.6 per
    /// step.</summary>
    EagerConvergent,
}

/// <summary>The numbers behind <see cref="CoefficientSet"/>.</summary>
internal static class CoefficientSets
{
    private static readonly (double A, double B, double C)[] Quintic = [(3.4445, -4.7750, 2.0315)];

    private static readonly (double A, double B, double C)[] PolarExpress =
    [
        (8.156554524902461, -22.48329292557795, 15.878769915207462),
        (4.042929935166739, -2.808917465908714, 0.5000178451051316),
        (3.8916678022926607, -2.772484153217685, 0.5060648178503393),
        (3.285753657755655, -2.3681294933425376, 0.46449024233003106),
        (2.3465413258596377, -1.7097828382687081, 0.42323551169305323),
    ];

    private static readonly (double A, double B, double C)[] TunedQuintic =
    [
        (4.0848, -6.8946, 2.9270), (3.9505, -6.3029, 2.6377), (3.7418, -5.5913, 2.3037), (2.8769, -3.1427, 1.2046),
        (2.8366, -3.0525, 1.2012),
    ];

    public static IReadOnlyList<(double A, double B, double C)> Of(CoefficientSet set) => set switch
    {
        CoefficientSet.Quintic => Quintic,
        CoefficientSet.PolarExpress => PolarExpress,
        CoefficientSet.TunedQuintic => TunedQuintic,
        CoefficientSet.Convergent => [(2, -1.5, 0.5)],
        _ => [(3, -16.0 / 5, 6.0 / 5)],
    };
}
