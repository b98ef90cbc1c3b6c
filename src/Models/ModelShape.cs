namespace PretrainBench.Models;

/// <summary>A <see cref="ModelConfig"/> whose gaps the ladder and the tokenizer have filled.</summary>
public sealed record ModelShape : DecoderSettings
{
    /// <summary>A shape with the default settings.</summary>
    public ModelShape()
    {
    }

    internal ModelShape(DecoderSettings settings)
        : base(settings)
    {
    }

    public required int Layers { get; init; }

    public required int Width { get; init; }

    /// <summary>Number of attention heads; the width is a multiple of it.</summary>
    public required int Heads { get; init; }

    /// <summary>Width of the feed-forward's gate and up projections.</summary>
    public required int FeedForwardWidth { get; init; }

    public required int VocabularySize { get; init; }

    public int HeadDimension => Width / Heads;

    /// <summary>Whether queries and keys are normalised.</summary>
    public bool NormalizesQueriesAndKeys => Family == ModelFamily.Olmo2;

    /// <summary>The same as a configuration in which nothing is left open.</summary>
    public ModelConfig ToConfig() => new(this)
    {
        Layers = Layers,
        Width = Width,
        Heads = Heads,
        FeedForwardWidth = FeedForwardWidth,
        VocabularySize = VocabularySize,
    };
}
