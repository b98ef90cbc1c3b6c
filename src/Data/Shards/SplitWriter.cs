using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PretrainBench.Data;

/// <summary>Writes the tokens of one split as shards: a separator first, then each document and a separator after
/// it.</summary>
internal sealed class SplitWriter : IDisposable
{
    /// <summary>Tokens of a full shard: half a gigabyte at two bytes each.</summary>
    internal const long DefaultShardTokens = 1L << 28;

    private readonly string _folder;
    private readonly string _name;
    private readonly int _tokenBytes;
    private readonly long _shardTokens;
    private readonly List<ShardManifest> _shards = [];
    private readonly byte[] _buffer = new byte[1 << 16];
    private int _buffered;
    private FileStream? _stream;
    private IncrementalHash? _hash;
    private long _inShard;
    private long _tokens;
    private long _documents;
    private long _textBytes;

    /// <summary>Begins a split.</summary>
    /// <param name="folder">Where the shards go; must exist.</param>
    /// <param name="name">The files' common name.</param>
    /// <param name="tokenBytes">2 or 4.</param>
    /// <param name="endOfTextId">The separator, which becomes the first token.</param>
    public SplitWriter(
        string folder, string name, int tokenBytes, int endOfTextId, long shardTokens = DefaultShardTokens)
    {
        (_folder, _name, _tokenBytes, _shardTokens) = (folder, name, tokenBytes, shardTokens);
        Write(endOfTextId);
    }

    public void Append(EncodedGroup.Side documents)
    {
        foreach (var token in documents.Tokens) Write(token);
        _documents += documents.Documents;
        _textBytes += documents.TextBytes;
    }

    /// <summary>Flushes everything to the disk and describes it.</summary>
    public SplitManifest Finish()
    {
        CloseShard();
        return new SplitManifest { Documents = _documents, Tokens = _tokens, TextBytes = _textBytes, Shards = _shards };
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _hash?.Dispose();
    }

    private void Write(int token)
    {
        if (_stream is null) OpenShard();
        if (_tokenBytes == 2) BinaryPrimitives.WriteUInt16LittleEndian(_buffer.AsSpan(_buffered), (ushort)token);
        else BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_buffered), (uint)token);
        _buffered += _tokenBytes;
        _tokens++;
        _inShard++;
        if (_buffered == _buffer.Length) FlushBuffer();
        if (_inShard == _shardTokens) CloseShard();
    }

    private string ShardName => $"{_name}-{_shards.Count:D5}.tokens";

    private void OpenShard()
    {
        var path = Path.Combine(_folder, ShardName);
        _stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None);
        _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        _inShard = 0;
    }

    private void FlushBuffer()
    {
        _stream!.Write(_buffer, 0, _buffered);
        _hash!.AppendData(_buffer, 0, _buffered);
        _buffered = 0;
    }

    private void CloseShard()
    {
        if (_stream is null) return;
        FlushBuffer();
        _stream.Flush(flushToDisk: true);
        _stream.Dispose();
        var hash = Convert.ToHexStringLower(_hash!.GetHashAndReset());
        _shards.Add(new ShardManifest { File = ShardName, Tokens = _inShard, Sha256 = hash });
        _hash.Dispose();
        (_stream, _hash) = (null, null);
    }
}
