using System.Diagnostics;
using System.Text.Json;
using Parquet;

namespace PretrainBench.Compat.Tests.Parquet;

/// <summary>What we write, read by a reader that is not ours: hyparquet, which scripts/setup.sh installs where there is npm.</summary>
public class OtherReaderTests
{
    private const string OurReader = "our own reader";
    private const string Hyparquet = "hyparquet";
    private static readonly string Peer = Path.Combine(Root(), "artifacts", "parquet-peer");

    public static TheoryData<string, CompressionMethod> Readers()
    {
        var readers = new TheoryData<string, CompressionMethod>();
        foreach (var method in new[] { CompressionMethod.None, CompressionMethod.Snappy, CompressionMethod.Gzip, CompressionMethod.Zstd })
        {
            readers.Add(OurReader, method);
            if (Directory.Exists(Path.Combine(Peer, "node_modules", Hyparquet))) readers.Add(Hyparquet, method);
        }
        return readers;
    }

    [Theory]
    [MemberData(nameof(Readers))]
    public async Task What_is_written_is_read(string reader, CompressionMethod method)
    {
        var rows = Row.Expected();
        var path = Path.GetTempFileName();
        try
        {
            await using (var stream = File.Create(path)) await Row.Write(stream, rows, 120, method);
            Assert.Equal(rows, reader == Hyparquet ? ReadByHyparquet(path) : await Row.Read(new MemoryStream(await File.ReadAllBytesAsync(path))));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static List<Row> ReadByHyparquet(string path)
    {
        // Beside node_modules, where node looks for what the script imports.
        var script = Path.Combine(Peer, "read.mjs");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Parquet", "read.mjs"), script, overwrite: true);
        using var process = Process.Start(new ProcessStartInfo("node", [script, path]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, error.Result);
        return JsonSerializer.Deserialize<List<Row>>(output)!;
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "PretrainBench.sln"))) folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("no checkout above the tests");
        return folder;
    }
}
