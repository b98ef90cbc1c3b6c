using PretrainBench.Core.Configuration;

namespace PretrainBench.Models;

/// <summary>The <c>model</c> section of a run: a size of the ladder, or layers and width; what is left open is filled
/// in by <see cref="Resolve"/>.</summary>
public sealed record ModelConfig : DecoderSettings, IValidated
{
    /// <summary>A configuration in which everything is left open.</summary>
    public ModelConfig()
    {
    }

    internal ModelConfig(DecoderSettings settings)
        : base(settings)
    {
    }

    /// <summary>A size of <see cref="ModelLadder"/>, such as <c>1M</c>; keys below replace its values.</summary>
    public string? Size { get; init; }

    public int? Layers { get; init; }

    public int? Width { get; init; }

    /// <summary>Number of attention heads; default: the ladder's, else of dimension 64 (32 below width 256).</summary>
    public int? Heads { get; init; }

    /// <summary>Width of the feed-forward; default: the ladder's, else 8/3 of the width, to multiples of 32.</summary>
    public int? FeedForwardWidth { get; init; }

    /// <summary>Number of tokens; default: the tokenizer's, and never smaller than that.</summary>
    public int? VocabularySize { get; init; }

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        var rung = Size is null ? null : ModelLadder.Find(Size);
        if (Size is not null && rung is null)
            yield return (nameof(Size),
                $"`{Size}` is not a size of the ladder{Suggestion.For(Size, ModelLadder.Names)}");
        const string Either = "give `size` (such as 1M), or `layers` and `width`";
        if (Size is null && Layers is null) yield return (nameof(Layers), Either);
        if (Size is null && Width is null) yield return (nameof(Width), Either);
        foreach (var (property, value, most) in Counts())
            if (value is < 1 || value > most) yield return (property, $"must be between 1 and {most}, not {value}");
        if (RopeTheta <= 1) yield return (nameof(RopeTheta), "must be above 1");
        if (NormEpsilon is <= 0 or > 1e-2) yield return (nameof(NormEpsilon), "must be above 0 and at most 0.01");
        if (InitDeviation is <= 0 or > 10) yield return (nameof(InitDeviation), "must be above 0 and at most 10");
        if (EmbeddingDeviation is <= 0 or > 10)
            yield return (nameof(EmbeddingDeviation), "must be above 0 and at most 10");
        var width = Width ?? rung?.Width ?? 0;
        if (width < 1 || Heads is < 1) yield break;
        var heads = Heads ?? HeadsFor(width, rung);
        if (width % heads != 0) yield return (nameof(Heads), $"the width {width} is not a multiple of {heads} heads");
        else if (width / heads % 2 != 0)
            yield return (nameof(Heads), $"the head dimension {width / heads} must be even for rotary positions");
    }

    /// <summary>Fills in what was left open; the vocabulary is the tokenizer's unless it is given.</summary>
    /// <exception cref="UserException">The configuration is impossible.</exception>
    public ModelShape Resolve(int vocabularySize)
    {
        this.ThrowIfInvalid("model");
        if (VocabularySize < vocabularySize)
            throw new UserException($"model.vocabulary_size: {VocabularySize} is smaller than the tokenizer's "
                + $"vocabulary of {vocabularySize}");
        var rung = Size is null ? null : ModelLadder.Find(Size);
        var width = Width ?? rung!.Width;
        return new ModelShape(this)
        {
            Layers = Layers ?? rung!.Layers,
            Width = width,
            Heads = Heads ?? HeadsFor(width, rung),
            FeedForwardWidth = FeedForwardWidth ?? FeedForwardWidthFor(width, rung),
            VocabularySize = VocabularySize ?? vocabularySize,
        };
    }

    private static int FeedForwardWidthFor(int width, ModelRung? rung)
        => rung?.Width == width ? rung.FeedForwardWidth : (8 * width / 3 + 31) / 32 * 32;

    private static int HeadsFor(int width, ModelRung? rung)
        => rung?.Width == width ? width / rung.HeadDimension : Math.Max(1, width / (width < 256 ? 32 : 64));

    private IEnumerable<(string Property, int? Value, int Most)> Counts() =>
    [
        (nameof(Layers), Layers, 512), (nameof(Width), Width, 65_536), (nameof(Heads), Heads, 1_024),
        (nameof(FeedForwardWidth), FeedForwardWidth, 1 << 20), (nameof(VocabularySize), VocabularySize, 1 << 24),
    ];
}
