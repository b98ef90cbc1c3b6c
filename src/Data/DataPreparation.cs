using System.Globalization;
using PretrainBench.Core.Configuration;

namespace PretrainBench.Data;

/// <summary>
/// Makes a dataset from texts: chooses what is held out, learns a tokenizer from the rest (or takes one), encodes
/// everything into token shards, and describes the result in a manifest. The dataset appears as a whole or not at all.
/// </summary>
public static class DataPreparation
{
    // Changes whenever the same inputs would give other tokens.
    private const int PipelineVersion = 3;

    /// <summary>Prepares a dataset. When the folder holds one made from the same inputs, nothing is done.</summary>
    /// <param name="config">What to make, from what.</param>
    /// <param name="progress">Told how far it is.</param>
    /// <param name="cancellation">Stops the preparation; nothing is left behind.</param>
    /// <returns>The manifest of the dataset, new or already there.</returns>
    /// <exception cref="UserException">
    /// The configuration is impossible, the source is missing, empty or damaged, the place holds something else, or the
    /// disk is full. What was there before is unchanged.
    /// </exception>
    public static DatasetManifest Prepare(
        PrepareConfig config, IProgress<PrepareProgress>? progress = null, CancellationToken cancellation = default)
    {
        config.ThrowIfInvalid("the dataset's configuration");
        var inputs = PrepareInputs.Find(config, progress, cancellation);
        using var place = DatasetPlace.Claim(config.OutputFolder);
        if (place.Existing(inputs.Identity, config.Replace) is { } existing) return existing;
        return place.Publish(folder => Make(folder, config, inputs, progress, cancellation));
    }

    private static DatasetManifest Make(
        string folder, PrepareConfig config, PrepareInputs inputs, IProgress<PrepareProgress>? progress, CancellationToken cancellation)
    {
        var heldOut = inputs.Validation is null ? HeldOut.Choose(inputs.Training.Read(), config.ValidationFraction) : new HeldOutWhole(all: false);
        var tokenizer = Tokenizer(folder, config, inputs, heldOut, progress, cancellation);
        using var writer = new DatasetWriter(folder, tokenizer, cancellation);
        var counter = new ReadCounter();
        var total = inputs.Training.FileBytes + (inputs.Validation?.FileBytes ?? 0);
        writer.Write(PrepareProgress.Follow(inputs.Training.Read(counter), PrepareStage.Encode, counter, total, progress), heldOut);
        if (inputs.Validation is { } validation)
            writer.Write(PrepareProgress.Follow(validation.Read(counter), PrepareStage.Encode, counter, total, progress), new HeldOutWhole(all: true));
        var (train, held) = writer.Finish();
        RequireText(train, held, inputs);
        return Describe(config, inputs, tokenizer, writer.TokenBytes, train, held);
    }

    private static TextTokenizer Tokenizer(
        string folder, PrepareConfig config, PrepareInputs inputs, IHeldOutRule heldOut, IProgress<PrepareProgress>? progress, CancellationToken cancellation)
    {
        var place = Path.Combine(folder, DatasetManifest.TokenizerFolderName);
        if (inputs.Tokenizer is { } given)
        {
            given.CopyTo(place);
            return given;
        }
        var counter = new ReadCounter();
        var training = inputs.Training.Read(counter).Where(document => !heldOut.Contains(System.Text.Encoding.UTF8.GetBytes(document.Text)));
        var followed = PrepareProgress.Follow(training, PrepareStage.CountPieces, counter, inputs.Training.FileBytes, progress);
        TokenizerTraining.Learn(followed, config.VocabularySize, progress, cancellation).Save(place);
        return TextTokenizer.Load(place);
    }

    private static void RequireText(SplitManifest train, SplitManifest validation, PrepareInputs inputs)
    {
        if (train.Documents + validation.Documents == 0) throw new UserException($"source: {inputs.Training.Name}: it holds no text");
        if (train.Documents == 0)
            throw new UserException($"source: {inputs.Training.Name}: a single document, which cannot be both learned and held out; name other files with validation");
        if (validation.Documents == 0) throw new UserException($"validation: {inputs.Validation?.Name}: it holds no text");
    }

    private static DatasetManifest Describe(
        PrepareConfig config, PrepareInputs inputs, TextTokenizer tokenizer, int tokenBytes, SplitManifest train, SplitManifest validation)
    {
        var shards = train.Shards.Concat(validation.Shards).Select(shard => $"{shard.Tokens} {shard.Sha256}");
        return new DatasetManifest
        {
            Format = DatasetManifest.FormatName,
            FormatVersion = DatasetManifest.CurrentFormatVersion,
            Identity = inputs.Identity,
            Fingerprint = ContentHash.OfText(string.Join('\n', shards.Prepend(tokenizer.Hash))),
            SourceName = inputs.Training.Name,
            SourceHash = inputs.SourceHash,
            ValidationRule = inputs.Validation?.Name
                ?? string.Create(CultureInfo.InvariantCulture, $"documents whose own SHA-256 lies in the lowest {config.ValidationFraction:P2}"),
            TokenizerHash = tokenizer.Hash,
            VocabularySize = tokenizer.VocabularySize,
            EndOfTextId = tokenizer.EndOfTextId,
            TokenBytes = tokenBytes,
            Train = train,
            Validation = validation,
        };
    }

    /// <summary>What a configuration stands for: files found and hashed.</summary>
    private sealed record PrepareInputs(
        DocumentSource Training, DocumentSource? Validation, TextTokenizer? Tokenizer, string SourceHash, string Identity)
    {
        public static PrepareInputs Find(PrepareConfig config, IProgress<PrepareProgress>? progress, CancellationToken cancellation)
        {
            var source = DocumentSource.Open(config.Source, config.TextField);
            var (training, validation) = config.Validation.Count > 0
                ? (source, DocumentSource.Open(config.Validation, config.TextField))
                : source.SetAside();
            var tokenizer = config.TokenizerFolder is { } place ? TextTokenizer.Load(place) : null;
            var hash = Hash(training, validation, progress, cancellation);
            var identity = ContentHash.OfText(string.Create(CultureInfo.InvariantCulture,
                $"{PipelineVersion}\n{hash}\n{(validation is null ? config.ValidationFraction : 0):R}\n{tokenizer?.Hash ?? $"learn {config.VocabularySize}"}"));
            return new PrepareInputs(training, validation, tokenizer, hash, identity);
        }

        private static string Hash(
            DocumentSource training, DocumentSource? validation, IProgress<PrepareProgress>? progress, CancellationToken cancellation)
        {
            cancellation.ThrowIfCancellationRequested();
            var total = training.FileBytes + (validation?.FileBytes ?? 0);
            progress?.Report(new PrepareProgress(PrepareStage.HashSource, 0, total));
            var hash = training.Hash();
            if (validation is not null) hash = ContentHash.OfText($"{hash}\n{validation.Hash()}");
            progress?.Report(new PrepareProgress(PrepareStage.HashSource, total, total));
            return hash;
        }
    }
}
