using PretrainBench.Core.Configuration;
using static System.FormattableString;

namespace PretrainBench.Data;

/// <summary>Makes a dataset from texts: chooses what is held out, learns a tokenizer from the rest (or takes one),
/// encodes everything into token shards, and describes the result in a manifest. The dataset appears as a whole or not
/// at all.</summary>
public sealed class DataPreparation
{
    private readonly PrepareConfig _config;
    private readonly PrepareInputs _inputs;
    private readonly IProgress<PrepareProgress>? _progress;
    private readonly CancellationToken _cancellation;

    private DataPreparation(PrepareConfig config, IProgress<PrepareProgress>? progress, CancellationToken cancellation)
    {
        (_config, _progress, _cancellation) = (config, progress, cancellation);
        cancellation.ThrowIfCancellationRequested();
        _inputs = PrepareInputs.Find(config, progress);
    }

    /// <summary>Prepares a dataset. When the folder holds one made from the same inputs, nothing is done.</summary>
    /// <param name="config">What to make, from what.</param>
    /// <param name="folder">What becomes the dataset.</param>
    /// <param name="replace">Whether a dataset made from something else may be replaced there.</param>
    /// <param name="cancellation">Stops the preparation; the next one goes on from the files that are done.</param>
    /// <returns>The manifest of the dataset, new or already there.</returns>
    /// <exception cref="UserException">The configuration is impossible, the source is missing, empty or damaged, the
    /// place holds something else, or the disk is full. What was there before is unchanged.</exception>
    public static DatasetManifest Prepare(PrepareConfig config, string folder, bool replace = false,
        IProgress<PrepareProgress>? progress = null, CancellationToken cancellation = default)
    {
        config.ThrowIfInvalid("the dataset's configuration");
        var preparation = new DataPreparation(config, progress, cancellation);
        using var place = DatasetPlace.Claim(folder);
        var identity = preparation._inputs.Identity;
        return place.Existing(identity, replace) ?? place.Publish(identity, preparation.Make);
    }

    private DatasetManifest Make(string folder, string parts)
    {
        var heldOut = _inputs.Validation is null
            ? HeldOut.Choose(_inputs.Training.Read(), _config.FractionOrDefault)
            : HeldOut.Nothing;
        var tokenizer = Tokenizer(parts, heldOut);
        tokenizer.CopyTo(Path.Combine(folder, DatasetManifest.TokenizerFolderName));
        var encoded = new EncodedParts(parts, tokenizer, _cancellation);
        encoded.Add(_inputs.Training, heldOut);
        if (_inputs.Validation is { } validation) encoded.Add(validation, HeldOut.Everything);
        encoded.Encode(_progress);
        using var writer = new DatasetWriter(folder, tokenizer);
        foreach (var group in encoded.Read()) writer.Append(group);
        var (train, held) = writer.Finish();
        RequireText(train, held);
        return Describe(tokenizer, writer.TokenBytes, train, held);
    }

    // The one that was given, that a process learned before it was killed, or one that is learned now.
    private TextTokenizer Tokenizer(string parts, HeldOut heldOut)
    {
        if (_inputs.Tokenizer is { } given) return given;
        var place = Path.Combine(parts, DatasetManifest.TokenizerFolderName);
        if (TokenizerFiles.AreIn(place)) return TextTokenizer.Load(place);
        var counter = new ReadCounter();
        var training = _inputs.Training.Read(counter)
            .Where(document => !heldOut.Contains(document.Utf8()));
        var followed = PrepareProgress.Follow(
            training, PrepareStage.CountPieces, counter, _inputs.Training.FileBytes, _progress);
        TokenizerTraining.Learn(followed, _config.VocabularyOrDefault, _progress, _cancellation).Save(place);
        return TextTokenizer.Load(place);
    }

    private void RequireText(SplitManifest train, SplitManifest validation)
    {
        var name = _inputs.Training.Name;
        if (train.Documents + validation.Documents == 0) throw new UserException($"source: {name}: it holds no text");
        if (train.Documents == 0)
            throw new UserException($"source: {name}: a single document, which cannot be both learned and held out; "
                + "name other files with `validation`");
        if (validation.Documents == 0)
            throw new UserException($"validation: {_inputs.Validation?.Name}: it holds no text");
    }

    private DatasetManifest Describe(
        TextTokenizer tokenizer, int tokenBytes, SplitManifest train, SplitManifest validation)
    {
        return new DatasetManifest
        {
            Format = DatasetManifest.FormatName,
            FormatVersion = DatasetManifest.CurrentFormatVersion,
            Identity = _inputs.Identity,
            Fingerprint = DatasetManifest.FingerprintOf(tokenizer.Hash, train.Shards.Concat(validation.Shards)),
            SourceName = _inputs.Training.Name,
            SourceHash = _inputs.SourceHash,
            ValidationRule = _inputs.Validation?.Name
                ?? Invariant($"documents whose own SHA-256 lies in the lowest {_config.FractionOrDefault:P2}"),
            TokenizerHash = tokenizer.Hash,
            VocabularySize = tokenizer.VocabularySize,
            EndOfTextId = tokenizer.EndOfTextId,
            TokenBytes = tokenBytes,
            Train = train,
            Validation = validation,
        };
    }
}
