using System.Globalization;
using Parquet;
using Parquet.Schema;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tables;

/// <summary>Tables in Parquet files with flat schemas.</summary>
internal static class ParquetTables
{
    /// <summary>Whether the name says that the file is Parquet.</summary>
    public static bool Is(string path)
        => path.EndsWith(".parquet", StringComparison.OrdinalIgnoreCase)
            || path.EndsWith(".pq", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads every column that holds text, numbers or flags; others are passed over.</summary>
    public static RawTable Read(string path)
    {
        try
        {
            return ReadAsync(path).GetAwaiter().GetResult();
        }
        catch (Exception error) when (error is not UserException)
        {
            // A damaged file makes the package throw whatever its parts throw; damaged sizes, that there is no such
            // memory.
            throw new UserException($"{path}: cannot be read as Parquet: {error.Message}", inner: error);
        }
    }

    /// <summary>Writes runs; numbers as numbers, what is missing as null.</summary>
    public static async Task WriteAsync(Stream stream, IReadOnlyList<RunColumn> columns, IReadOnlyList<RunRow> rows)
    {
        var fields = columns.Select(Field).ToArray();
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), stream)
            .ConfigureAwait(false);
        using var group = writer.CreateRowGroup();
        foreach (var (column, field) in columns.Zip(fields))
        {
            var values = rows.Select(column.Of);
            await (column.Kind switch
            {
                RunColumnKind.Text => group.WriteAsync(field, [.. values.Select(value => (string?)value)]),
                RunColumnKind.Number => group.WriteAsync(field, Cells<double>(values)),
                RunColumnKind.Whole => group.WriteAsync(field, Cells<long>(values)),
                _ => group.WriteAsync(field, Cells<bool>(values)),
            }).ConfigureAwait(false);
        }
    }

    private static ReadOnlyMemory<T?> Cells<T>(IEnumerable<object?> values)
        where T : struct
        => (T?[])[.. values.Select(value => (T?)value)];

    private static DataField Field(RunColumn column) => column.Kind switch
    {
        RunColumnKind.Text => new DataField<string>(column.Name),
        RunColumnKind.Number => new DataField<double>(column.Name, true),
        RunColumnKind.Whole => new DataField<long>(column.Name, true),
        _ => new DataField<bool>(column.Name, true),
    };

    private static async Task<RawTable> ReadAsync(string path)
    {
        await using var reader = await ParquetReader.CreateAsync(path).ConfigureAwait(false);
        var fields = reader.Schema.DataFields.Where(field => Supports(field.ClrType)).ToArray();
        var table = new RawTable(path, [.. fields.Select(field => field.Name)], [], []);
        for (int index = 0; index < reader.RowGroupCount; index++)
        {
            using var group = reader.OpenRowGroupReader(index);
            int first = table.Rows.Count, count = checked((int)group.RowCount);
            for (int i = 0; i < count; i++)
            {
                table.Rows.Add(new string[fields.Length]);
                table.Lines.Add(first + i + 1);
            }
            for (int j = 0; j < fields.Length; j++)
            {
                var cells = await Cells(group, fields[j], count).ConfigureAwait(false);
                for (int i = 0; i < count; i++) table.Rows[first + i][j] = cells[i];
            }
        }
        return table;
    }

    private static bool Supports(Type type)
        => IsText(type) || type == typeof(double) || type == typeof(float) || type == typeof(long)
            || type == typeof(int)
            || type == typeof(short) || type == typeof(bool);

    // Parquet.Net's type of a text column is that of its cells' memory.
    private static bool IsText(Type type) => type == typeof(ReadOnlyMemory<char>);

    private static async Task<string[]> Cells(ParquetRowGroupReader group, DataField field, int count)
    {
        if (IsText(field.ClrType))
        {
            var texts = new string?[count];
            await group.ReadAsync(field, texts.AsMemory()).ConfigureAwait(false);
            return [.. texts.Select(text => text?.Trim() ?? "")];
        }
        return field.ClrType == typeof(double) ? await Numbers<double>(group, field, count).ConfigureAwait(false)
            : field.ClrType == typeof(float) ? await Numbers<float>(group, field, count).ConfigureAwait(false)
            : field.ClrType == typeof(long) ? await Numbers<long>(group, field, count).ConfigureAwait(false)
            : field.ClrType == typeof(int) ? await Numbers<int>(group, field, count).ConfigureAwait(false)
            : field.ClrType == typeof(short) ? await Numbers<short>(group, field, count).ConfigureAwait(false)
            : await Numbers<bool>(group, field, count).ConfigureAwait(false);
    }

    private static async Task<string[]> Numbers<T>(ParquetRowGroupReader group, DataField field, int count)
        where T : struct
    {
        var values = new T?[count];
        if (field.IsNullable) await group.ReadAsync<T>(field, values.AsMemory()).ConfigureAwait(false);
        else
        {
            var present = new T[count];
            await group.ReadAsync<T>(field, present.AsMemory()).ConfigureAwait(false);
            for (int i = 0; i < count; i++) values[i] = present[i];
        }
        return [.. values.Select(value => value == null
            ? ""
            : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "")];
    }
}
