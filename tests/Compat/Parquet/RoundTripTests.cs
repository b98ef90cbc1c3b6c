using Parquet;
using Parquet.Schema;

namespace PretrainBench.Compat.Tests.Parquet;

public class RoundTripTests
{
    public static TheoryData<CompressionMethod, int> Variants()
    {
        var variants = new TheoryData<CompressionMethod, int>();
        foreach (var method in new[] { CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Zstd, CompressionMethod.Brotli })
            foreach (var rowGroupSize in new[] { 1, 7, 1000 }) variants.Add(method, rowGroupSize);
        return variants;
    }

    [Theory]
    [MemberData(nameof(Variants))]
    public async Task What_is_written_is_read_back(CompressionMethod method, int rowGroupSize)
    {
        var rows = Row.Expected();
        using var stream = new MemoryStream();
        await Row.Write(stream, rows, rowGroupSize, method);
        Assert.Equal(rows, await Row.Read(stream));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(65536)]
    [InlineData(200001)]
    public async Task Columns_of_any_length_survive(int rows)
    {
        var random = new Random(rows);
        var numbers = Enumerable.Range(0, rows).Select(_ => BitConverter.Int64BitsToDouble(random.NextInt64())).ToArray();
        var texts = Enumerable.Range(0, rows).Select(i => random.Next(9) == 0 ? null : i % 2 == 0 ? $"{i}" : new string('x', random.Next(40))).ToList();
        var (number, text) = (new DataField<double>("number"), new DataField<string>("text"));
        using var stream = new MemoryStream();
        await using (var writer = await ParquetWriter.CreateAsync(new ParquetSchema(number, text), stream))
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<double>(number, numbers.AsMemory());
            await group.WriteAsync(text, texts);
            group.CompleteValidate();
        }
        await using var reader = await ParquetReader.CreateAsync(stream);
        using var read = reader.OpenRowGroupReader(0);
        Assert.Equal(rows, read.RowCount);
        var (readNumbers, readTexts) = (new double[rows], new string?[rows]);
        await read.ReadAsync<double>(reader.Schema.DataFields[0], readNumbers.AsMemory());
        await read.ReadAsync(reader.Schema.DataFields[1], readTexts.AsMemory());
        Assert.Equal(numbers.Select(BitConverter.DoubleToInt64Bits), readNumbers.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal(texts, readTexts);
    }

    [Fact]
    public void Fields_say_whether_values_may_be_missing()
    {
        Assert.True(new DataField<string>("text").IsNullable);
        Assert.False(new DataField<string>("text", nullable: false).IsNullable);
        Assert.False(new DataField<long>("id").IsNullable);
        Assert.True(new DataField<long?>("id").IsNullable);
        Assert.Equal(typeof(long), new DataField<long?>("id").ClrType);
    }

    [Fact]
    public async Task A_wrong_type_or_too_short_a_buffer_is_an_argument_error()
    {
        using var stream = new MemoryStream();
        await Row.Write(stream, Row.Expected(), 1000, CompressionMethod.None);
        await using var reader = await ParquetReader.CreateAsync(stream);
        using var group = reader.OpenRowGroupReader(0);
        var id = reader.Schema.DataFields.Single(field => field.Name == "id");
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await group.ReadAsync<double>(id, new double[300].AsMemory()));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await group.ReadAsync<long>(id, new long[299].AsMemory()));
    }
}
