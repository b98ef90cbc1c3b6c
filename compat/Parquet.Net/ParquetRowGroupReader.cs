using Parquet.Columns;
using Parquet.Schema;
using Parquet.Thrift;

namespace Parquet;

/// <summary>Reads the columns of a row group.</summary>
public class ParquetRowGroupReader : IDisposable
{
    private readonly Stream _stream;
    private readonly GroupMeta _group;

    internal ParquetRowGroupReader(Stream stream, GroupMeta group) => (_stream, _group) = (stream, group);

    /// <summary>How many rows there are.</summary>
    public long RowCount => _group.RowCount;

    /// <summary>Reads a column without missing values.</summary>
    /// <typeparam name="T">The field's type.</typeparam>
    /// <param name="field">The column.</param>
    /// <param name="values">Filled from the start; at least as long as there are rows.</param>
    /// <param name="repetitionLevels">Not supplied here.</param>
    /// <param name="cancellationToken">Of no effect here.</param>
    public ValueTask ReadAsync<T>(
        DataField field, Memory<T> values, Memory<int>? repetitionLevels = null, CancellationToken cancellationToken = default)
        where T : struct
    {
        RequireType<T>(field);
        if (field.IsNullable) throw new ArgumentException($"column {field.Name} may have missing values; read it as nullable", nameof(field));
        return Read<T>(field, values.Length, (at, from, value) => values.Span[at] = value![from]);
    }

    /// <summary>Reads a column that may have missing values.</summary>
    /// <typeparam name="T">The field's type.</typeparam>
    /// <param name="field">The column.</param>
    /// <param name="values">Filled from the start; at least as long as there are rows.</param>
    /// <param name="repetitionLevels">Not supplied here.</param>
    /// <param name="cancellationToken">Of no effect here.</param>
    public ValueTask ReadAsync<T>(
        DataField field, Memory<T?> values, Memory<int>? repetitionLevels = null, CancellationToken cancellationToken = default)
        where T : struct
    {
        RequireType<T>(field);
        return Read<T>(field, values.Length, (at, from, value) => values.Span[at] = value is null ? null : value[from]);
    }

    /// <summary>Reads a column of texts.</summary>
    /// <param name="field">The column.</param>
    /// <param name="values">Filled from the start; at least as long as there are rows.</param>
    /// <param name="repetitionLevels">Not supplied here.</param>
    /// <param name="cancellationToken">Of no effect here.</param>
    public ValueTask ReadAsync(
        DataField field, Memory<string?> values, Memory<int>? repetitionLevels = null, CancellationToken cancellationToken = default)
    {
        RequireType<string>(field);
        return Read<string>(field, values.Length, (at, from, value) => values.Span[at] = value?[from]);
    }

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);

    private static void RequireType<T>(DataField field)
    {
        ArgumentNullException.ThrowIfNull(field);
        if (field.ClrType != typeof(T)) throw new ArgumentException($"column {field.Name} holds {field.ClrType.Name}, not {typeof(T).Name}", nameof(field));
    }

    private ValueTask Read<T>(DataField field, int capacity, Action<int, int, T[]?> put)
    {
        if (capacity < RowCount) throw new ArgumentException($"{RowCount} values do not fit into {capacity}", nameof(capacity));
        ParquetReader.Guarded(() =>
        {
            var row = 0;
            new ColumnChunkReader(field, Column(field), Chunk(Column(field))).Read((values, present, rows) =>
            {
                var typed = Narrow.To<T>(values);
                var there = 0;
                for (var i = 0; i < rows; i++, row++)
                {
                    if (present is null || present[i]) put(row, there++, typed);
                    else put(row, 0, null);
                }
            });
            return row == RowCount ? row : throw new ParquetException($"column {field.Name}: {row} values for {RowCount} rows");
        });
        return ValueTask.CompletedTask;
    }

    private ColumnMeta Column(DataField field)
    {
        var column = field.Leaf < _group.Columns.Count ? _group.Columns[field.Leaf] : throw new ParquetException($"column {field.Name} is missing from a row group");
        return column.IsElsewhere ? throw new NotSupportedException($"column {field.Name} is encrypted, or in another file") : column;
    }

    private byte[] Chunk(ColumnMeta column)
    {
        if (column.CompressedSize < 0 || column.Start < 0 || column.CompressedSize > _stream.Length - column.Start)
            throw new ParquetException("damaged metadata: a column lies beyond the end of the file");
        var chunk = new byte[column.CompressedSize];
        _stream.Seek(column.Start, SeekOrigin.Begin);
        _stream.ReadExactly(chunk);
        return chunk;
    }
}
