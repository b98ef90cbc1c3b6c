namespace PretrainBench.Theory.RandomFeatures;

/// <summary>The optimizers of the lab. All are full batch and start at θ = 0.</summary>
public enum FeatureOptimizer
{
    /// <summary>θ −= η g. Exact in the eigenbasis of H.</summary>
    GradientDescent,

    /// <summary>θ −= η diag(H)^−½ g: a diagonal preconditioner of the population. Linear, iterated.</summary>
    Diagonal,

    /// <summary>θ −= η (L ⊗ R)^−½ g with the Kronecker factors of the population H. Linear, iterated.</summary>
    Kronecker,

    /// <summary>θ −= η g / √(Σ g²): accumulated squared gradients, Adam-like. Iterated.</summary>
    AdamLike,

    /// <summary>Θ −= η (Σ GGᵀ)^−¼ G (Σ GᵀG)^−¼: Shampoo-like. Iterated on θ reshaped to a matrix.</summary>
    ShampooLike,

    /// <summary>Θ −= η UVᵀ, G = USVᵀ: a matrix-sign step, as a stand-in for Muon. Iterated on θ reshaped to a
    /// matrix.</summary>
    MatrixSign,

    /// <summary>θ −= η (H + damping λ_max I)^−1 g. Exact in the eigenbasis of H.</summary>
    NaturalGradient,

    /// <summary>θ −= η H^−1 g: solves the problem in one step. Exact in the eigenbasis of H.</summary>
    UndampedNaturalGradient,
}
