using Parquet;
using Parquet.Schema;

namespace PretrainBench.Data;

/// <summary>A text column of a Parquet file, row group by row group.</summary>
/// <param name="column">The column's name.</param>
internal sealed class ParquetFormat(string column) : IDocumentFormat
{
    public IEnumerable<Document> Read(string path, ReadCounter counter)
    {
        var reader = Call(path, () => ParquetReader.CreateAsync(path));
        try
        {
            var field = Call(path, () => Task.FromResult(TextField(reader.Schema, path)));
            long row = 0, counted = 0;
            var length = new FileInfo(path).Length;
            for (var group = 0; group < reader.RowGroupCount; group++)
            {
                foreach (var text in Texts(reader, group, field, path))
                {
                    row++;
                    if (!string.IsNullOrWhiteSpace(text)) yield return new Document(text, $"{path}: row {row}");
                }
                // Row groups are of about equal size; the reader does not say how far it is.
                var reached = length * (group + 1) / reader.RowGroupCount;
                counter.Add(reached - counted);
                counted = reached;
            }
        }
        finally
        {
            reader.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }
    }

    private DataField TextField(ParquetSchema schema, string path)
    {
        var names = schema.DataFields.Select(field => field.Name);
        var field = schema.DataFields.FirstOrDefault(field => field.Name == column)
            ?? throw new UserException($"{path}: no column `{column}`; the columns are {string.Join(", ", names)}; "
                + "name the text's column with `text_field`");
        // Parquet.Net's type of a text column is that of its cells' memory.
        return field.ClrType == typeof(ReadOnlyMemory<char>) ? field
            : throw new UserException($"{path}: column `{column}` holds no text but {field.ClrType.Name}; "
                + "name the text's column with `text_field`");
    }

    private static string?[] Texts(ParquetReader reader, int group, DataField field, string path)
        => Call(path, async () =>
        {
            using var rows = reader.OpenRowGroupReader(group);
            var texts = new string?[rows.RowCount];
            await rows.ReadAsync(field, texts.AsMemory()).ConfigureAwait(false);
            return texts;
        });

    private static T Call<T>(string path, Func<Task<T>> work)
    {
        try
        {
            return work().GetAwaiter().GetResult();
        }
        catch (Exception e) when (e is not UserException)
        {
            // A damaged file makes the package throw whatever its parts throw; damaged sizes, that memory is out.
            throw new UserException($"{path}: cannot be read as Parquet: {e.Message}", inner: e);
        }
    }
}
