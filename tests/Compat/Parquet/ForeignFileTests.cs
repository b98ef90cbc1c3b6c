using Parquet;

namespace PretrainBench.Compat.Tests.Parquet;

/// <summary>Files by other writers: hyparquet-writer, and parquet-rs with every encoding and compression that it offers.</summary>
public class ForeignFileTests
{
    public static TheoryData<string> Files() => [.. Directory.GetFiles(Row.Folder, "*.parquet").Select(path => Path.GetFileName(path)!).Order()];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_row_is_read_as_it_was_written(string file)
    {
        await using var stream = File.OpenRead(Path.Combine(Row.Folder, file));
        Assert.Equal(Row.Expected(), await Row.Read(stream));
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task A_damaged_file_gives_an_error_or_the_wrong_rows_but_never_hangs_or_crashes(string file)
    {
        var bytes = await File.ReadAllBytesAsync(Path.Combine(Row.Folder, file));
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            var damaged = i % 3 == 0 ? bytes[..random.Next(bytes.Length)] : [.. bytes];
            // Every third time cut off, else bytes changed: anywhere, or in the metadata at the end.
            for (var j = 0; i % 3 > 0 && j < 3; j++) damaged[random.Next(i % 3 == 1 ? 0 : bytes.Length - 800, bytes.Length)] = (byte)random.Next(256);
            try
            {
                await Row.Read(new MemoryStream(damaged));
            }
            catch (Exception e) when (e is not (OutOfMemoryException or AccessViolationException))
            {
                // The package promises no type of exception; ours says that the file is damaged.
                if (Surface.SurfaceTests.IsCompat(typeof(ParquetReader).Assembly))
                    Assert.True(e is ParquetException or NotSupportedException or InvalidOperationException or ArgumentException or Xunit.Sdk.XunitException, e.ToString());
            }
        }
    }
}
