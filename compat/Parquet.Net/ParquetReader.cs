using System.Buffers.Binary;
using Parquet.Schema;
using Parquet.Thrift;

namespace Parquet;

/// <summary>Reads a file row group by row group.</summary>
public class ParquetReader : ParquetActor, IAsyncDisposable
{
    private const int TailLength = 8;
    private readonly Stream _stream;
    private readonly bool _leaveStreamOpen;
    private readonly FileMeta _meta;

    private ParquetReader(Stream stream, bool leaveStreamOpen)
    {
        (_stream, _leaveStreamOpen) = (stream, leaveStreamOpen);
        (_meta, Schema) = Guarded(() =>
        {
            var meta = FileMeta.Read(ReadFooter(stream));
            return (meta, SchemaTree.Read(meta.Schema));
        });
    }

    /// <summary>How many row groups there are.</summary>
    public int RowGroupCount => _meta.Groups.Count;

    /// <summary>The columns.</summary>
    public ParquetSchema Schema { get; }

    /// <summary>Opens a file.</summary>
    /// <param name="filePath">The file.</param>
    /// <param name="parquetOptions">Options.</param>
    /// <param name="cancellationToken">Of no effect here.</param>
    public static Task<ParquetReader> CreateAsync(string filePath, ParquetOptions? parquetOptions = null, CancellationToken cancellationToken = default)
        => CreateAsync(File.OpenRead(filePath), parquetOptions, leaveStreamOpen: false, cancellationToken);

    /// <summary>Opens a stream that can seek.</summary>
    /// <param name="input">The stream.</param>
    /// <param name="parquetOptions">Options.</param>
    /// <param name="leaveStreamOpen">Whether the stream outlives the reader.</param>
    /// <param name="cancellationToken">Of no effect here.</param>
    public static Task<ParquetReader> CreateAsync(
        Stream input, ParquetOptions? parquetOptions = null, bool leaveStreamOpen = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        try
        {
            return Task.FromResult(new ParquetReader(input, leaveStreamOpen));
        }
        catch
        {
            if (!leaveStreamOpen) input.Dispose();
            throw;
        }
    }

    /// <summary>Opens a row group.</summary>
    /// <param name="index">Which, from zero.</param>
    public ParquetRowGroupReader OpenRowGroupReader(int index) => new(_stream, _meta.Groups[index]);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        return _leaveStreamOpen ? ValueTask.CompletedTask : _stream.DisposeAsync();
    }

    /// <summary>Turns what a damaged file makes of indices and sizes into an error that says so.</summary>
    internal static T Guarded<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception e) when (e is IndexOutOfRangeException or ArgumentException or OverflowException or EndOfStreamException or InvalidDataException)
        {
            throw new ParquetException("the file is damaged or cut off", e);
        }
    }

    private static byte[] ReadFooter(Stream stream)
    {
        var tail = new byte[TailLength];
        if (stream.Length < TailLength + Magic.Length) throw new ParquetException("not a Parquet file: too short");
        stream.Seek(-TailLength, SeekOrigin.End);
        stream.ReadExactly(tail);
        if (tail.AsSpan(4).SequenceEqual("PARE"u8)) throw new NotSupportedException("the file is encrypted");
        if (!tail.AsSpan(4).SequenceEqual(Magic)) throw new ParquetException("not a Parquet file, or cut off: the end mark is missing");
        var length = BinaryPrimitives.ReadInt32LittleEndian(tail);
        if (length <= 0 || length > stream.Length - TailLength - Magic.Length) throw new ParquetException("damaged: impossible length of the metadata");
        var footer = new byte[length];
        stream.Seek(-TailLength - length, SeekOrigin.End);
        stream.ReadExactly(footer);
        return footer;
    }
}
