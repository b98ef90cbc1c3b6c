namespace PretrainBench.Data;

/// <summary>Writes encoded documents, in their order, as training and validation shards.</summary>
internal sealed class DatasetWriter : IDisposable
{
    private readonly SplitWriter _train;
    private readonly SplitWriter _validation;

    public DatasetWriter(string folder, TextTokenizer tokenizer)
    {
        TokenBytes = tokenizer.VocabularySize > 1 << 16 ? 4 : 2;
        _train = new SplitWriter(folder, "train", TokenBytes, tokenizer.EndOfTextId);
        _validation = new SplitWriter(folder, "validation", TokenBytes, tokenizer.EndOfTextId);
    }

    /// <summary>Bytes of a token: 2 while every id fits.</summary>
    public int TokenBytes { get; }

    public void Append(EncodedGroup group)
    {
        _train.Append(group.Train);
        _validation.Append(group.Validation);
    }

    /// <summary>Flushes the shards to the disk and describes them.</summary>
    public (SplitManifest Train, SplitManifest Validation) Finish() => (_train.Finish(), _validation.Finish());

    public void Dispose()
    {
        _train.Dispose();
        _validation.Dispose();
    }
}
