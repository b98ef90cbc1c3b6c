using PretrainBench.Core.Configuration;

namespace PretrainBench.Data;

/// <summary>Settings of <see cref="TokenizerTraining"/>.</summary>
public sealed record TokenizerTrainingConfig : IValidated
{
    internal const int DefaultVocabularySize = 4096;
    private const int SmallestVocabulary = 257;
    private const int LargestVocabulary = 1 << 20;

    /// <summary><c>dotnet-docs</c>, or files, folders and patterns.</summary>
    public IReadOnlyList<string> Source { get; init; } = [DotnetDocs.Name];

    /// <summary>The field (JSON lines) or column (Parquet) that holds the text.</summary>
    public string TextField { get; init; } = PrepareConfig.DefaultTextField;

    /// <summary>Tokens in all: the 256 bytes, the learned merges, and the separator
    /// <c>&lt;|endoftext|&gt;</c>.</summary>
    public int VocabularySize { get; init; } = DefaultVocabularySize;

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Source.Count == 0) yield return (nameof(Source), PrepareConfig.NameASource);
        if (VocabularyProblem(VocabularySize) is { } problem) yield return (nameof(VocabularySize), problem);
    }

    internal static string? VocabularyProblem(int size)
        => size is >= SmallestVocabulary and <= LargestVocabulary ? null
            : $"{size} is not possible: from {SmallestVocabulary} (256 bytes and the separator) to {LargestVocabulary}";
}

/// <summary>Learns a byte-level BPE vocabulary from texts.</summary>
public static class TokenizerTraining
{
    // Documents are handed to threads in groups of about this many characters.
    private const int GroupCharacters = 1 << 18;

    /// <summary>Learns a vocabulary from a whole source, writes it and loads it from what was written.</summary>
    /// <param name="config">What to learn from.</param>
    /// <param name="folder">Where <c>vocab.json</c> and <c>merges.txt</c> go.</param>
    /// <param name="cancellation">Stops the training; nothing is left behind.</param>
    /// <exception cref="UserException">The source cannot be read, is empty, or has too little text.</exception>
    public static TextTokenizer Train(TokenizerTrainingConfig config, string folder,
        IProgress<PrepareProgress>? progress = null, CancellationToken cancellation = default)
    {
        config.ThrowIfInvalid("the tokenizer's configuration");
        var source = DocumentSource.Open(config.Source, new SourceReading(config.TextField));
        var counter = new ReadCounter();
        var documents = PrepareProgress.Follow(
            source.Read(counter), PrepareStage.CountPieces, counter, source.FileBytes, progress);
        Learn(documents, config.VocabularySize, progress, cancellation).Save(folder);
        return TextTokenizer.Load(folder);
    }

    /// <summary>Learns from documents; neither their order nor the number of threads matters.</summary>
    internal static TrainedTokenizer Learn(IEnumerable<Document> documents, int vocabularySize,
        IProgress<PrepareProgress>? progress, CancellationToken cancellation)
    {
        var counts = Count(documents, cancellation);
        if (counts.Counts.Count == 0) throw new UserException("source: it holds no text to learn a tokenizer from");
        // The separator takes the last id.
        var wanted = vocabularySize - 1;
        var (tokens, merges) = BpeTrainer.Train(counts.Pieces(), wanted, Report, cancellation);
        return new TrainedTokenizer(tokens, merges);

        void Report(int count)
        {
            if (count % 256 == 0 || count == wanted)
                progress?.Report(new PrepareProgress(PrepareStage.LearnMerges, count - 256, wanted - 256));
        }
    }

    private static PieceCounter Count(IEnumerable<Document> documents, CancellationToken cancellation)
    {
        var all = new PieceCounter();
        AllCores.ForEach(Document.InGroups(documents, GroupCharacters), () => new PieceCounter(),
            (group, counter) =>
            {
                foreach (var document in group) counter.Add(document.Text);
            },
            counter =>
            {
                lock (all) all.Add(counter);
            },
            cancellation);
        return all;
    }
}
