using System.Buffers;
using System.IO.MemoryMappedFiles;

namespace PretrainBench.Data;

/// <summary>A file of tokens, mapped into memory: opening costs nothing, and processes that read the same file share
/// it.</summary>
internal sealed class MappedShard : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly int _tokenBytes;

    private MappedShard(MemoryMappedFile file, MemoryMappedViewAccessor view, int tokenBytes, long tokenCount)
        => (_file, _view, _tokenBytes, TokenCount) = (file, view, tokenBytes, tokenCount);

    public long TokenCount { get; }

    /// <summary>Opens a file after checking that it is the one that the manifest describes.</summary>
    /// <param name="shard">What the manifest says.</param>
    /// <param name="tokenBytes">2 or 4.</param>
    /// <param name="verify">Whether the content is checked too, not just the length.</param>
    /// <exception cref="UserException">The file is missing, damaged, or another one.</exception>
    public static MappedShard Open(string folder, ShardManifest shard, int tokenBytes, bool verify)
    {
        if (!BitConverter.IsLittleEndian)
            throw new UserException("token shards are little-endian; use a machine that is", ExitCodes.Failed);
        var path = Path.Combine(folder, shard.File);
        try
        {
            var length = new FileInfo(path).Length;
            if (length != shard.Tokens * tokenBytes)
                throw Foreign(path, $"it has {length} bytes and should have {shard.Tokens * tokenBytes}");
            if (verify && ContentHash.OfFile(path) != shard.Sha256)
                throw Foreign(path, "its content does not have the checksum in the manifest");
            var file = MemoryMappedFile.CreateFromFile(path, FileMode.Open, null, 0, MemoryMappedFileAccess.Read);
            var view = file.CreateViewAccessor(0, length, MemoryMappedFileAccess.Read);
            return new MappedShard(file, view, tokenBytes, shard.Tokens);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserException($"{path}: cannot be read: {e.Message}", inner: e);
        }
    }

    /// <summary>Copies tokens from a place on; the whole range must be within the file.</summary>
    public void Read(long start, Span<int> tokens)
    {
        if (_tokenBytes == 4) Read<int>(start, tokens, static value => value);
        else Read<ushort>(start, tokens, static value => value);
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private void Read<T>(long start, Span<int> tokens, Func<T, int> widen)
        where T : unmanaged
    {
        var values = ArrayPool<T>.Shared.Rent(tokens.Length);
        try
        {
            _view.ReadArray(start * _tokenBytes, values, 0, tokens.Length);
            for (var i = 0; i < tokens.Length; i++) tokens[i] = widen(values[i]);
        }
        finally
        {
            ArrayPool<T>.Shared.Return(values);
        }
    }

    private static UserException Foreign(string path, string why)
        => new($"{path}: damaged, or not this dataset's: {why}; prepare the dataset again");
}
