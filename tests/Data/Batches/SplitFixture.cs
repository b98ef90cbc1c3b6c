namespace PretrainBench.Data.Tests.Batches;

/// <summary>A split on the disk whose tokens are 0, 1, 2, … (modulo 60,000), in several shards.</summary>
internal sealed class SplitFixture : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public SplitFixture(int tokenCount, int tokenBytes = 2, long shardTokens = 100, long textBytes = 1000)
    {
        using var writer = new SplitWriter(_folder.Path, "some", tokenBytes, endOfTextId: 0, shardTokens);
        var documents = new EncodedGroup.Side { Documents = 1, TextBytes = textBytes };
        documents.Tokens.AddRange(Enumerable.Range(1, tokenCount - 1).Select(i => i % 60000));
        writer.Append(documents);
        Manifest = writer.Finish();
        var shards = Manifest.Shards.Select(shard => MappedShard.Open(_folder.Path, shard, tokenBytes, verify: true));
        Split = new TokenSplit(Manifest, shards);
    }

    public SplitManifest Manifest { get; }

    public TokenSplit Split { get; }

    public string Folder => _folder.Path;

    public void Dispose()
    {
        Split.Dispose();
        _folder.Dispose();
    }
}
