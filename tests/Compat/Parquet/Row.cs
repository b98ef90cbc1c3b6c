using System.Text.Json;
using System.Text.Json.Serialization;
using Parquet;
using Parquet.Schema;

namespace PretrainBench.Compat.Tests.Parquet;

/// <summary>A row of the files in Data/ (generate.mjs says how they were made).</summary>
internal sealed record Row
{
    [JsonPropertyName("id")]
    public long Id { get; init; }

    [JsonPropertyName("score")]
    public double? Score { get; init; }

    [JsonPropertyName("flag")]
    public bool Flag { get; init; }

    [JsonPropertyName("count")]
    public int Count { get; init; }

    [JsonPropertyName("text")]
    public string? Text { get; init; }

    public static string Folder { get; } = Path.Combine(AppContext.BaseDirectory, "Parquet", "Data");

    public static List<Row> Expected() => JsonSerializer.Deserialize<List<Row>>(File.ReadAllText(Path.Combine(Folder, "rows.json")))!;

    public static async Task<List<Row>> Read(Stream stream)
    {
        var rows = new List<Row>();
        await using var reader = await ParquetReader.CreateAsync(stream);
        DataField Field(string name) => reader.Schema.DataFields.Single(field => field.Name == name);
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var texts = new string?[group.RowCount];
            await group.ReadAsync(Field("text"), texts.AsMemory());
            var ids = await Values<long>(group, Field("id"));
            var scores = await Values<double>(group, Field("score"));
            var flags = await Values<bool>(group, Field("flag"));
            var counts = await Values<int>(group, Field("count"));
            for (var row = 0; row < texts.Length; row++)
                rows.Add(new Row { Id = ids[row]!.Value, Score = scores[row], Flag = flags[row]!.Value, Count = counts[row]!.Value, Text = texts[row] });
        }
        return rows;
    }

    public static async Task Write(Stream stream, IReadOnlyList<Row> rows, int rowGroupSize, CompressionMethod method)
    {
        var (id, score, flag) = (new DataField<long>("id"), new DataField<double?>("score"), new DataField<bool>("flag"));
        var (count, text) = (new DataField<int>("count"), new DataField<string>("text"));
        var schema = new ParquetSchema(id, score, flag, count, text);
        await using var writer = await ParquetWriter.CreateAsync(schema, stream, new ParquetOptions { CompressionMethod = method });
        foreach (var part in rows.Chunk(rowGroupSize))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<long>(id, part.Select(row => row.Id).ToArray().AsMemory());
            await group.WriteAsync<double>(score, part.Select(row => row.Score).ToArray().AsMemory());
            await group.WriteAsync<bool>(flag, part.Select(row => row.Flag).ToArray().AsMemory());
            await group.WriteAsync<int>(count, part.Select(row => row.Count).ToArray().AsMemory());
            await group.WriteAsync(text, part.Select(row => row.Text).ToList());
            group.CompleteValidate();
        }
    }

    private static async Task<T?[]> Values<T>(ParquetRowGroupReader group, DataField field)
        where T : struct
    {
        Assert.Equal(typeof(T), field.ClrType);
        var nullable = new T?[group.RowCount];
        if (field.IsNullable)
        {
            await group.ReadAsync<T>(field, nullable.AsMemory());
            return nullable;
        }
        var values = new T[group.RowCount];
        await group.ReadAsync<T>(field, values.AsMemory());
        return Array.ConvertAll(values, value => (T?)value);
    }
}
