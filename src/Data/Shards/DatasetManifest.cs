using System.Text.Json;

namespace PretrainBench.Data;

/// <summary>What a prepared dataset is made of; the file <c>manifest.json</c> in its folder.</summary>
public sealed record DatasetManifest
{
    /// <summary>The file's name within the dataset's folder.</summary>
    public const string FileName = "manifest.json";

    /// <summary>The folder of the tokenizer's files within the dataset's folder.</summary>
    public const string TokenizerFolderName = "tokenizer";

    internal const string FormatName = "pretrainbench-tokens";
    internal const int CurrentFormatVersion = 1;

    private const int MostBytes = 1 << 26;

    /// <summary>Tells these folders from others.</summary>
    public required string Format { get; init; }

    /// <summary>The version of the folder's layout; another than this program's is refused.</summary>
    public required int FormatVersion { get; init; }

    /// <summary>A hash of everything that the dataset was made from; the same inputs have the same identity.</summary>
    public required string Identity { get; init; }

    /// <summary>A hash of the tokens and of the tokenizer; part of the identity of every run that uses them.</summary>
    public required string Fingerprint { get; init; }

    public required string SourceName { get; init; }

    /// <summary>SHA-256 over the source's files.</summary>
    public required string SourceHash { get; init; }

    /// <summary>How the validation documents were chosen, in words.</summary>
    public required string ValidationRule { get; init; }

    /// <summary>SHA-256 over the tokenizer's files.</summary>
    public required string TokenizerHash { get; init; }

    /// <summary>The tokenizer's largest id plus one.</summary>
    public required int VocabularySize { get; init; }

    /// <summary>The id of the separator that every stream begins with and every document ends with.</summary>
    public required int EndOfTextId { get; init; }

    /// <summary>Bytes of a token in the shards: 2, or 4 when the vocabulary has more than 65,536 ids.</summary>
    public required int TokenBytes { get; init; }

    public required SplitManifest Train { get; init; }

    /// <summary>The documents held out.</summary>
    public required SplitManifest Validation { get; init; }

    /// <summary>Reads the manifest of a dataset.</summary>
    /// <exception cref="UserException">The folder holds no dataset, a damaged one, or one of another
    /// version.</exception>
    public static DatasetManifest Read(string folder)
    {
        var path = Path.Combine(folder, FileName);
        try
        {
            if (!File.Exists(path))
                throw new UserException($"{folder}: holds no prepared dataset (no `{FileName}`); make one with "
                    + $"`data prepare --out {folder}`");
            var manifest = JsonSerializer.Deserialize<DatasetManifest>(
                PlainFile.ReadText(path, MostBytes), JsonFormat.Indented);
            if (manifest?.Format != FormatName)
                throw new UserException($"{path}: not the manifest of a dataset; choose another folder");
            if (manifest.FormatVersion == CurrentFormatVersion)
                return manifest.Problem() is not { } problem ? manifest
                    : throw new UserException($"{path}: damaged: {problem}; prepare the dataset again");
            throw new UserException($"{path}: format version {manifest.FormatVersion}, this program reads "
                    + $"{CurrentFormatVersion}; prepare the dataset again");
        }
        catch (JsonException e)
        {
            throw new UserException(
                $"{path}: not the manifest of a dataset, or damaged ({JsonFormat.Problem(e)}); prepare the dataset "
                    + "again", inner: e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>What <see cref="Fingerprint"/> must be.</summary>
    internal static string FingerprintOf(string tokenizerHash, IEnumerable<ShardManifest> shards)
        => ContentHash.OfText(string.Join('\n',
            shards.Select(shard => $"{shard.Tokens} {shard.Sha256}").Prepend(tokenizerHash)));

    private string? Problem()
    {
        var shards = Train.Shards.Concat(Validation.Shards).ToList();
        if (TokenBytes is not (2 or 4)) return $"tokens of {TokenBytes} bytes";
        if (EndOfTextId < 0 || EndOfTextId >= VocabularySize)
            return $"the separator {EndOfTextId} is outside the vocabulary of {VocabularySize}";
        if (Train.Shards.Count == 0 || Validation.Shards.Count == 0 || shards.Any(shard => shard.Tokens < 1))
            return "a shard without tokens";
        if (shards.Find(shard => !ConfinedPath.IsName(shard.File)) is { } outside)
            return $"the shard `{PlainText.Of(outside.File)}` is no file of this folder";
        return FingerprintOf(TokenizerHash, shards) == Fingerprint ? null
            : "the fingerprint is not that of its shards and tokenizer";
    }

    internal string ToJson() => JsonSerializer.Serialize(this, JsonFormat.Indented) + "\n";
}

/// <summary>One side of a dataset.</summary>
public sealed record SplitManifest
{
    public required long Documents { get; init; }

    /// <summary>How many tokens, the separators included: one at the start and one after each document.</summary>
    public required long Tokens { get; init; }

    /// <summary>How many bytes of UTF-8 the documents have, separators not counted.</summary>
    public required long TextBytes { get; init; }

    /// <summary>The files, in order.</summary>
    public required IReadOnlyList<ShardManifest> Shards { get; init; }
}

/// <summary>One file of tokens: unsigned little-endian numbers and nothing else.</summary>
public sealed record ShardManifest
{
    /// <summary>The file's name within the dataset's folder.</summary>
    public required string File { get; init; }

    /// <summary>How many tokens it holds.</summary>
    public required long Tokens { get; init; }

    /// <summary>SHA-256 of the file.</summary>
    public required string Sha256 { get; init; }
}
