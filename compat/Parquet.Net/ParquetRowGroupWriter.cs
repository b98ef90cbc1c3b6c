using Parquet.Columns;
using Parquet.Schema;
using Parquet.Thrift;

namespace Parquet;

/// <summary>Writes the columns of a row group: all of them, in the schema's order.</summary>
public class ParquetRowGroupWriter : IDisposable
{
    private readonly ParquetWriter _writer;
    private readonly ParquetSchema _schema;
    private readonly GroupMeta _group;
    private readonly CompressionMethod _method;

    internal ParquetRowGroupWriter(ParquetWriter writer, ParquetSchema schema, GroupMeta group, CompressionMethod method)
        => (_writer, _schema, _group, _method) = (writer, schema, group, method);

    /// <summary>Writes a column of texts.</summary>
    /// <param name="field">The column.</param>
    /// <param name="values">The values; null where one is missing.</param>
    /// <param name="repetitionLevels">Not supplied here.</param>
    public Task WriteAsync(DataField field, IReadOnlyCollection<string?> values, ReadOnlyMemory<int>? repetitionLevels = null)
    {
        ArgumentNullException.ThrowIfNull(values);
        Require<string>(field, values.Count);
        bool[] present = [.. values.Select(value => value is not null)];
        RequirePresent(field, present);
        return Add(new ColumnChunkWriter(_writer.Stream, _writer.Position, field, _method)
            .Write([.. values.OfType<string>()], field.IsNullable ? present : null));
    }

    /// <summary>Writes a column that may have missing values.</summary>
    /// <typeparam name="T">The field's type.</typeparam>
    /// <param name="field">The column.</param>
    /// <param name="values">The values; null where one is missing.</param>
    /// <param name="repetitionLevels">Not supplied here.</param>
    /// <param name="customMetadata">Not supplied here.</param>
    /// <param name="cancellationToken">Of no effect here.</param>
    public Task WriteAsync<T>(
        DataField field, ReadOnlyMemory<T?> values, ReadOnlyMemory<int>? repetitionLevels = null,
        Dictionary<string, string>? customMetadata = null, CancellationToken cancellationToken = default)
        where T : struct
    {
        Require<T>(field, values.Length);
        var present = Array.ConvertAll(values.ToArray(), value => value.HasValue);
        RequirePresent(field, present);
        T[] there = [.. values.ToArray().Where(value => value.HasValue).Select(value => value!.Value)];
        return Add<T>(field, there, field.IsNullable ? present : null);
    }

    /// <summary>Writes a column without missing values.</summary>
    /// <typeparam name="T">The field's type.</typeparam>
    /// <param name="field">The column.</param>
    /// <param name="values">The values.</param>
    /// <param name="repetitionLevels">Not supplied here.</param>
    /// <param name="customMetadata">Not supplied here.</param>
    /// <param name="cancellationToken">Of no effect here.</param>
    public Task WriteAsync<T>(
        DataField field, ReadOnlyMemory<T> values, ReadOnlyMemory<int>? repetitionLevels = null,
        Dictionary<string, string>? customMetadata = null, CancellationToken cancellationToken = default)
        where T : struct
    {
        Require<T>(field, values.Length);
        return Add(field, values.Span, null);
    }

    /// <summary>Checks that all columns were written.</summary>
    public void CompleteValidate()
    {
        if (_group.Columns.Count < _schema.DataFields.Length)
            throw new InvalidOperationException($"column {_schema.DataFields[_group.Columns.Count].Name} was not written");
    }

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);

    private Task Add<T>(DataField field, ReadOnlySpan<T> values, bool[]? present)
        where T : struct
    {
        var type = SchemaTree.PhysicalTypeOf(field);
        return Add(new ColumnChunkWriter(_writer.Stream, _writer.Position, field, _method).Write(type, values, present));
    }

    private Task Add(ColumnMeta column)
    {
        _group.Columns.Add(column);
        _writer.Wrote(column.CompressedSize);
        return Task.CompletedTask;
    }

    private void Require<T>(DataField field, int count)
    {
        ArgumentNullException.ThrowIfNull(field);
        var place = _group.Columns.Count;
        if (place == _schema.DataFields.Length || !ReferenceEquals(_schema.DataFields[place], field))
            throw new ArgumentException($"column {field.Name} is not the next of the schema", nameof(field));
        if (field.ClrType != typeof(T)) throw new ArgumentException($"column {field.Name} holds {field.ClrType.Name}, not {typeof(T).Name}", nameof(field));
        if (place > 0 && count != _group.RowCount) throw new ArgumentException($"column {field.Name} has {count} values for {_group.RowCount} rows", nameof(count));
        _group.RowCount = count;
    }

    private static void RequirePresent(DataField field, bool[] present)
    {
        if (!field.IsNullable && present.Contains(false))
            throw new ArgumentException($"column {field.Name} may not have missing values", nameof(field));
    }
}
