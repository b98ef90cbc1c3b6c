using System.Text.Json;
using Parquet;

namespace PretrainBench.Compat.Tests.Parquet;

/// <summary>What we write, read by a reader that is not ours.</summary>
public class OtherReaderTests
{
    [Theory]
    [InlineData(CompressionMethod.None)]
    [InlineData(CompressionMethod.Snappy)]
    [InlineData(CompressionMethod.Gzip)]
    [InlineData(CompressionMethod.Zstd)]
    public async Task What_is_written_is_read_by_hyparquet(CompressionMethod method)
    {
        var rows = Row.Expected();
        var path = Path.GetTempFileName();
        try
        {
            await using (var stream = File.Create(path)) await Row.Write(stream, rows, 120, method);
            Assert.Equal(rows, JsonSerializer.Deserialize<List<Row>>(Hyparquet.ReadAsJson(path))!);
        }
        finally
        {
            File.Delete(path);
        }
    }
}
