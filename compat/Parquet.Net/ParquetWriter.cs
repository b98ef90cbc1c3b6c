using System.Buffers.Binary;
using Parquet.Schema;
using Parquet.Thrift;

namespace Parquet;

/// <summary>Writes a file row group by row group; disposing it writes the footer.</summary>
public sealed class ParquetWriter : ParquetActor, IAsyncDisposable
{
    private readonly Stream _stream;
    private readonly ParquetSchema _schema;
    private readonly ParquetOptions _options;
    private readonly FileMeta _meta;
    private long _position;
    private bool _disposed;

    private ParquetWriter(ParquetSchema schema, Stream stream, ParquetOptions options)
    {
        (_schema, _stream, _options) = (schema, stream, options);
        _meta = new FileMeta { Schema = SchemaTree.Write(schema) };
        Write(Magic);
    }

    /// <summary>Begins a file.</summary>
    /// <param name="schema">The columns.</param>
    /// <param name="output">Where it goes; left open.</param>
    /// <param name="options">Options.</param>
    /// <param name="append">Not supplied here.</param>
    /// <param name="cancellationToken">Of no effect here.</param>
    public static Task<ParquetWriter> CreateAsync(
        ParquetSchema schema, Stream output, ParquetOptions? options = null, bool append = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(schema);
        ArgumentNullException.ThrowIfNull(output);
        if (append) throw new NotSupportedException("this stand-in for Parquet.Net does not append to files");
        return Task.FromResult(new ParquetWriter(schema, output, options ?? new ParquetOptions()));
    }

    /// <summary>Begins a row group.</summary>
    public ParquetRowGroupWriter CreateRowGroup()
    {
        var group = new GroupMeta();
        _meta.Groups.Add(group);
        return new ParquetRowGroupWriter(this, _schema, group, _options.CompressionMethod);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        if (_disposed) return ValueTask.CompletedTask;
        _disposed = true;
        var footer = _meta.Write();
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(length, footer.Length);
        Write(footer);
        Write(length);
        Write(Magic);
        _stream.Flush();
        return ValueTask.CompletedTask;
    }

    internal Stream Stream => _stream;

    internal long Position => _position;

    internal void Wrote(long bytes) => _position += bytes;

    private void Write(ReadOnlySpan<byte> bytes)
    {
        _stream.Write(bytes);
        _position += bytes.Length;
    }
}
