using static System.FormattableString;

namespace PretrainBench.Data;

/// <summary>What a configuration stands for: files found and hashed.</summary>
internal sealed record PrepareInputs(
    DocumentSource Training, DocumentSource? Validation, TextTokenizer? Tokenizer, string SourceHash, string Identity)
{
    // Changes whenever the same inputs would give other tokens.
    private const int PipelineVersion = 4;

    /// <summary>The size of all files together.</summary>
    public long FileBytes => Training.FileBytes + (Validation?.FileBytes ?? 0);

    /// <exception cref="UserException">The source or the tokenizer is missing or cannot be used.</exception>
    public static PrepareInputs Find(PrepareConfig config, IProgress<PrepareProgress>? progress)
    {
        var tokenizer = config.Tokenizer is { } place ? TextTokenizer.Load(place) : null;
        var reading = new SourceReading(config.TextField, tokenizer, config.TokenBytes, config.EndOfTextId);
        var source = DocumentSource.Open(config.Source, reading);
        var (training, validation) = config.Validation.Count > 0
            ? (source, DocumentSource.Open(config.Validation, reading))
            : source.SetAside();
        var inputs = new PrepareInputs(training, validation, tokenizer, "", "");
        progress?.Report(new PrepareProgress(PrepareStage.HashSource, 0, inputs.FileBytes));
        var hash = training.Hash();
        if (validation is not null) hash = ContentHash.OfText($"{hash}\n{validation.Hash()}");
        progress?.Report(new PrepareProgress(PrepareStage.HashSource, inputs.FileBytes, inputs.FileBytes));
        var fraction = validation is null ? config.FractionOrDefault : 0;
        var tokens = tokenizer?.Hash ?? $"learn {config.VocabularyOrDefault}";
        var identity = ContentHash.OfText(Invariant($"{PipelineVersion}\n{hash}\n{fraction:R}\n{tokens}"));
        return inputs with { SourceHash = hash, Identity = identity };
    }
}
