namespace PretrainBench.Data;

/// <summary>A prepared dataset: training and validation tokens with the manifest that describes them.</summary>
public sealed class TokenDataset : IDisposable
{
    private TokenDataset(string folder, DatasetManifest manifest, TokenSplit train, TokenSplit validation)
        => (Folder, Manifest, Train, Validation) = (folder, manifest, train, validation);

    public string Folder { get; }

    public DatasetManifest Manifest { get; }

    public TokenSplit Train { get; }

    public TokenSplit Validation { get; }

    /// <summary>Opens a dataset that <see cref="DataPreparation"/> made.</summary>
    /// <param name="verify">Whether checksums are computed (a second per gigabyte); lengths always are checked.</param>
    /// <exception cref="UserException">The folder holds no dataset, or a file of it is missing or damaged.</exception>
    public static TokenDataset Open(string folder, bool verify = true)
    {
        var manifest = DatasetManifest.Read(folder);
        var train = OpenSplit(folder, manifest, manifest.Train, verify);
        try
        {
            return new TokenDataset(folder, manifest, train, OpenSplit(folder, manifest, manifest.Validation, verify));
        }
        catch
        {
            train.Dispose();
            throw;
        }
    }

    /// <summary>Loads the tokenizer that the tokens were made with.</summary>
    /// <exception cref="UserException">Its files are missing, damaged, or another tokenizer's.</exception>
    public TextTokenizer LoadTokenizer()
    {
        var place = Path.Combine(Folder, DatasetManifest.TokenizerFolderName);
        var tokenizer = TextTokenizer.Load(place);
        return tokenizer.Hash == Manifest.TokenizerHash ? tokenizer
            : throw new UserException(
                $"{place}: not the tokenizer that the dataset was made with; prepare the dataset again");
    }

    public void Dispose()
    {
        Train.Dispose();
        Validation.Dispose();
    }

    private static TokenSplit OpenSplit(string folder, DatasetManifest manifest, SplitManifest split, bool verify)
    {
        var shards = new List<MappedShard>();
        try
        {
            foreach (var shard in split.Shards)
                shards.Add(MappedShard.Open(folder, shard, manifest.TokenBytes, verify));
            if (split.Shards.Sum(shard => shard.Tokens) != split.Tokens)
                throw new UserException($"{folder}: the manifest contradicts itself; prepare the dataset again");
            return new TokenSplit(split, shards);
        }
        catch
        {
            shards.ForEach(shard => shard.Dispose());
            throw;
        }
    }
}
