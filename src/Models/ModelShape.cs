namespace PretrainBench.Models;

/// <summary>A decoder's resolved shape: what <see cref="ModelConfig"/> says once the ladder and the tokenizer have filled the gaps.</summary>
public sealed record ModelShape
{
    /// <summary>Which decoder.</summary>
    public ModelFamily Family { get; init; } = ModelFamily.Olmo2;

    /// <summary>Number of blocks.</summary>
    public required int Layers { get; init; }

    /// <summary>Width of the residual stream.</summary>
    public required int Width { get; init; }

    /// <summary>Number of attention heads; the width is a multiple of it.</summary>
    public required int Heads { get; init; }

    /// <summary>Width of the feed-forward's gate and up projections.</summary>
    public required int FeedForwardWidth { get; init; }

    /// <summary>Number of tokens in the vocabulary.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>Whether the head is the embedding itself.</summary>
    public bool TiedEmbeddings { get; init; }

    /// <summary>Base of the rotary frequencies (arXiv 2104.09864).</summary>
    public double RopeTheta { get; init; } = ModelConfig.DefaultRopeTheta;

    /// <summary>Added to the mean square in every norm.</summary>
    public double NormEpsilon { get; init; } = ModelConfig.DefaultNormEpsilon;

    /// <summary>Standard deviation of the initial matrices; see <see cref="ParameterInitialization"/>.</summary>
    public double InitDeviation { get; init; } = ModelConfig.DefaultInitDeviation;

    /// <summary>Standard deviation of the initial embedding, unless it is tied to the head.</summary>
    public double EmbeddingDeviation { get; init; } = ModelConfig.DefaultEmbeddingDeviation;

    /// <summary>Width of one head.</summary>
    public int HeadDimension => Width / Heads;

    /// <summary>Whether queries and keys are normalised.</summary>
    public bool NormalizesQueriesAndKeys => Family == ModelFamily.Olmo2;

    /// <summary>The same as a configuration in which nothing is left open.</summary>
    public ModelConfig ToConfig() => new()
    {
        Family = Family,
        Layers = Layers,
        Width = Width,
        Heads = Heads,
        FeedForwardWidth = FeedForwardWidth,
        VocabularySize = VocabularySize,
        TiedEmbeddings = TiedEmbeddings,
        RopeTheta = RopeTheta,
        NormEpsilon = NormEpsilon,
        InitDeviation = InitDeviation,
        EmbeddingDeviation = EmbeddingDeviation,
    };
}
