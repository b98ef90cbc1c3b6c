using System.Text.Json;
using System.Text.Json.Nodes;

namespace PretrainBench.Training.Export;

/// <summary>What a published model's <c>config.json</c> says, with the defaults of transformers; keys that change
/// nothing of what a model computes are not among it.</summary>
internal sealed record PublishedConfig
{
    public const string FileName = "config.json";

    private const int MostBytes = 1 << 20;

    public required string ModelType { get; init; }

    public required int HiddenSize { get; init; }

    public required int IntermediateSize { get; init; }

    public required int NumHiddenLayers { get; init; }

    public required int NumAttentionHeads { get; init; }

    public required int VocabSize { get; init; }

    public int? NumKeyValueHeads { get; init; }

    public int? HeadDim { get; init; }

    public int MaxPositionEmbeddings { get; init; } = 2048;

    public string HiddenAct { get; init; } = "silu";

    public double? RmsNormEps { get; init; }

    public double? RopeTheta { get; init; }

    public JsonObject? RopeScaling { get; init; }

    public RopeParameters? RopeParameters { get; init; }

    public bool TieWordEmbeddings { get; init; }

    public bool AttentionBias { get; init; }

    public bool MlpBias { get; init; }

    /// <summary>How many query heads share a key and a value.</summary>
    public int QueriesPerKey => NumAttentionHeads / (NumKeyValueHeads ?? NumAttentionHeads);

    /// <exception cref="UserException">The file is missing or damaged, or the model is none that can be
    /// expressed.</exception>
    public static PublishedConfig Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
            throw new UserException($"{folder}: holds no published model (no `{FileName}`)");
        try
        {
            var config = JsonSerializer.Deserialize<PublishedConfig>(
                PlainFile.ReadText(path, MostBytes), JsonFormat.Line);
            return (config is null ? "it is null" : config.Problem()) is not { } problem ? config!
                : throw new UserException($"{path}: this model cannot be expressed here: {problem}");
        }
        catch (JsonException e)
        {
            throw new UserException($"{path}: {JsonFormat.Problem(e)}", inner: e);
        }
    }

    /// <exception cref="UserException">Its dimensions are impossible.</exception>
    public ModelShape Shape() => new ModelConfig
    {
        Family = ModelType == "olmo2" ? ModelFamily.Olmo2 : ModelFamily.Llama,
        Layers = NumHiddenLayers,
        Width = HiddenSize,
        Heads = NumAttentionHeads,
        FeedForwardWidth = IntermediateSize,
        VocabularySize = VocabSize,
        TiedEmbeddings = TieWordEmbeddings,
        RopeTheta = RopeTheta ?? RopeParameters?.RopeTheta ?? 10_000,
        NormEpsilon = RmsNormEps ?? (ModelType == "olmo2" ? 1e-5 : 1e-6),
    }.Resolve(1);

    private string? Problem() => this switch
    {
        { ModelType: not ("olmo2" or "llama") } => $"it is a `{PlainText.Of(ModelType)}`, not olmo2 or llama",
        { HiddenAct: not "silu" } => $"its activation is `{PlainText.Of(HiddenAct)}`, not silu",
        { AttentionBias: true } or { MlpBias: true } => "its matrices have biases",
        { RopeScaling: not null } or { RopeParameters.RopeType: not (null or "default") }
            => "its rotary positions are scaled",
        { NumAttentionHeads: < 1 } => "it has no attention heads",
        { HeadDim: { } own } when (long)own * NumAttentionHeads != HiddenSize
            => $"its heads have {own} dimensions, not {HiddenSize} / {NumAttentionHeads}",
        { NumKeyValueHeads: { } shared } when shared < 1 || NumAttentionHeads % shared != 0
            => $"its {shared} key heads do not divide {NumAttentionHeads} query heads",
        { MaxPositionEmbeddings: < 2 } => "its sequences have no two tokens",
        _ => null,
    };
}

/// <summary>The positions of newer files.</summary>
internal sealed record RopeParameters(string? RopeType = null, double? RopeTheta = null);
