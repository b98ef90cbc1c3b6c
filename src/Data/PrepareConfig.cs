using PretrainBench.Core.Configuration;

namespace PretrainBench.Data;

/// <summary>What a dataset is made from; see <see cref="DataPreparation"/>.</summary>
public sealed record PrepareConfig : IValidated
{
    internal const string DefaultTextField = "text";
    internal const string NameASource = $"name `{DotnetDocs.Name}`, files, folders or patterns";
    private const double DefaultValidationFraction = 0.025;

    /// <summary><c>dotnet-docs</c>, or files, folders and patterns (.txt, .jsonl, both also .gz and .zst, .parquet;
    /// tokens of others: .bin, .npy).</summary>
    public IReadOnlyList<string> Source { get; init; } = [DotnetDocs.Name];

    /// <summary>The field (JSON lines) or column (Parquet) that holds the text.</summary>
    public string TextField { get; init; } = DefaultTextField;

    /// <summary>Files, folders and patterns to hold out. When empty, files of <see cref="Source"/> named val, valid or
    /// validation are held out, and when there are none, the documents that <see cref="ValidationFraction"/>
    /// chooses.</summary>
    public IReadOnlyList<string> Validation { get; init; } = [];

    /// <summary>The expected share of documents held out, chosen by the hash of each document's own text.</summary>
    public double? ValidationFraction { get; init; }

    /// <summary>Tokens of the vocabulary that is learned from the training documents.</summary>
    public int? VocabularySize { get; init; }

    /// <summary>The folder of a tokenizer to use (vocab.json and merges.txt, tokenizer.json, or a .tiktoken file), or
    /// one of the latter files, instead of learning one.</summary>
    public string? Tokenizer { get; init; }

    /// <summary>Bytes of a token, 2 or 4, in files of tokens whose header does not say it.</summary>
    public int? TokenBytes { get; init; }

    /// <summary>The token that stands between documents in files of tokens, where it is not the tokenizer's own
    /// separator.</summary>
    public int? EndOfTextId { get; init; }

    internal double FractionOrDefault => ValidationFraction ?? DefaultValidationFraction;

    internal int VocabularyOrDefault => VocabularySize ?? TokenizerTrainingConfig.DefaultVocabularySize;

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Source.Count == 0) yield return (nameof(Source), NameASource);
        if (TextField.Length == 0) yield return (nameof(TextField), "name the field that holds the text");
        if (!(FractionOrDefault is > 0 and < 1))
            yield return (nameof(ValidationFraction),
                $"{ValidationFraction} is not possible: above 0 and below 1, such as {DefaultValidationFraction}");
        if (ValidationFraction is not null && Validation.Count > 0)
            yield return (nameof(ValidationFraction), "`validation` names what is held out; leave one of them out");
        if (TokenizerTrainingConfig.VocabularyProblem(VocabularyOrDefault) is { } problem)
            yield return (nameof(VocabularySize), problem);
        if (Tokenizer is not null && VocabularySize is not null)
            yield return (nameof(VocabularySize), "is for a tokenizer that is learned; leave it or `tokenizer` out");
        if (TokenBytes is not (null or 2 or 4))
            yield return (nameof(TokenBytes), $"{TokenBytes} is not possible: 2 or 4");
    }
}
