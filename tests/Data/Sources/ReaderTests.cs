using System.IO.Compression;
using System.Text;
using System.Text.Json;
using Parquet;
using Parquet.Schema;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace PretrainBench.Data.Tests.Sources;

public class ReaderTests
{
    private static readonly string ParquetFiles = Path.Combine(AppContext.BaseDirectory, "ParquetFiles");

    private static string[] Read(string path, string field = "text")
        => [.. DocumentSource.Open([path], new SourceReading(field)).Read().Select(document => document.Text)];

    private static string Failure(string path, string field = "text")
        => Assert.Throws<UserException>(() => Read(path, field)).Message;

    [Fact]
    public void Json_lines_give_one_field_plain_and_compressed()
    {
        using var folder = new TemporaryFolder();
        const string lines =
            "\uFEFF{\"text\":\"one\\n\\u00e9\",\"n\":{\"text\":1}}\r\n\n{\"id\":[1,2],\"text\":\"two\"}\n{\"text\":\" "
                + " \"}\n{\"text\":\"last\"}";
        Assert.Equal(["one\né", "two", "last"], Read(folder.Write("a.jsonl", lines)));
        Assert.Equal(["one\né", "two", "last"], Read(folder.Write("a.jsonl.gz", Gzip(lines))));
        Assert.Equal(["one\né", "two", "last"], Read(folder.Write("a.jsonl.zst", Zstandard(lines))));
        Assert.Equal(["one"], Read(folder.Write("a.txt.zst", Zstandard("one\n"))));
    }

    [Fact]
    public void Members_of_a_compressed_file_follow_each_other()
    {
        using var folder = new TemporaryFolder();
        var (one, two) = ("{\"text\":\"one\"}\n", "{\"text\":\"two\"}\n");
        Assert.Equal(["one", "two"], Read(folder.Write("a.jsonl.gz", [.. Gzip(one), .. Gzip(two)])));
        Assert.Equal(["one", "two"], Read(folder.Write("a.jsonl.zst", [.. Zstandard(one), .. Zstandard(two)])));
    }

    [Theory]
    [InlineData("{\"text\":\"a\"}\nnonsense\n", "a.jsonl:2: not valid JSON")]
    [InlineData("{\"text\":\"a\"}\n{\"text\":\"b\"\n", "a.jsonl:2: not valid JSON")]
    [InlineData("[1]\n", "a.jsonl:1: expected a JSON object")]
    [InlineData("{\"id\":1,\"body\":\"x\"}\n", "a.jsonl:1: no field `text`; the fields are id, body")]
    [InlineData("{\"text\":7}\n", "a.jsonl:1: field `text` is not a text")]
    [InlineData("{\"text\":\"\\ud800\"}\n", "a.jsonl:1: the text is not valid UTF-8")]
    [InlineData("{\"text\":\"a\"} {}\n", "a.jsonl:1: ")]
    public void A_bad_line_is_named(string lines, string problem)
    {
        using var folder = new TemporaryFolder();
        Assert.Contains(problem, Failure(folder.Write("a.jsonl", lines)), StringComparison.Ordinal);
    }

    [Fact]
    public void Bytes_that_are_not_utf8_are_named()
    {
        using var folder = new TemporaryFolder();
        byte[] line = [.. "{\"text\":\"a\"}\n{\"text\":\""u8, 0xFF, .. "\"}\n"u8];
        Assert.Contains("a.jsonl:2", Failure(folder.Write("a.jsonl", line)), StringComparison.Ordinal);
        Assert.Contains("a.txt: not valid UTF-8", Failure(folder.Write("a.txt", [0x41, 0xC3, 0x28])),
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a.jsonl.gz")]
    [InlineData("a.txt.gz")]
    [InlineData("a.jsonl.zst")]
    [InlineData("a.txt.zst")]
    public void A_compressed_file_that_was_cut_off_anywhere_is_named(string name)
    {
        using var folder = new TemporaryFolder();
        var pack = name.EndsWith(".gz", StringComparison.Ordinal) ? Gzip : (Func<string, byte[]>)Zstandard;
        var whole = pack(MadeUpText.JsonLines(MadeUpText.Documents(1, 400)));
        // In the header, in the data, and in the checksum and length at the end.
        int[] lengths = [1, 9, 10, whole.Length * 3 / 10, whole.Length * 9 / 10,
            .. Enumerable.Range(1, 10).Select(left => whole.Length - left)];
        foreach (var length in lengths)
        {
            var path = folder.Write(name, whole[..length]);
            Assert.Contains($"{path}: the compressed data is damaged or cut off", Failure(path),
                StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_second_member_that_was_cut_off_is_noticed()
    {
        using var folder = new TemporaryFolder();
        byte[] both = [.. Gzip("{\"text\":\"one\"}\n"), .. Gzip("{\"text\":\"two\"}\n")];
        Assert.Contains("cut off", Failure(folder.Write("a.jsonl.gz", both[..^5])), StringComparison.Ordinal);
    }

    [Fact]
    public void A_damaged_compressed_file_is_noticed()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "a.jsonl.gz", "a.jsonl.zst", "a.txt.zst" })
            Assert.Contains("damaged", Failure(folder.Write(name, "neither at all"u8.ToArray())),
                StringComparison.Ordinal);
        var changed = Zstandard(MadeUpText.JsonLines(MadeUpText.Documents(1, 400)));
        changed[changed.Length / 2] ^= 1;
        Assert.Contains("damaged", Failure(folder.Write("b.jsonl.zst", changed)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_long_text_is_cut_at_blank_lines_and_nothing_is_lost()
    {
        using var folder = new TemporaryFolder();
        var paragraphs = MadeUpText.Documents(2, 200);
        var documents = Read(folder.Write("a.txt", string.Join("\r\n\r\n", paragraphs)));
        Assert.Equal(string.Join("\n\n", paragraphs), string.Join("\n\n", documents));
        Assert.InRange(documents.Length, 3, 20);
        Assert.All(documents.SkipLast(1), document => Assert.True(document.Length >= TextFormat.MinimumCharacters - 2));
    }

    [Fact]
    public void A_text_without_blank_lines_is_cut_at_line_ends()
    {
        using var folder = new TemporaryFolder();
        var lines = Enumerable.Range(0, 20000).Select(i => $"line {i}").ToList();
        var documents = Read(folder.Write("a.txt", string.Join('\n', lines)));
        Assert.Equal(lines, documents.SelectMany(document => document.Split('\n')));
        Assert.True(documents.Length > 1);
    }

    [Fact]
    public async Task Parquet_gives_a_text_column_row_group_by_row_group()
    {
        using var folder = new TemporaryFolder();
        var path = folder["a.parquet"];
        await WriteParquet(path, [["one", null, "two"], ["", "three"]]);
        Assert.Equal(["one", "two", "three"], Read(path, "body"));
        Assert.Contains("no column `text`; the columns are id, body", Failure(path), StringComparison.Ordinal);
        Assert.Contains("column `id` holds no text", Failure(path, "id"), StringComparison.Ordinal);
        Assert.Contains("cannot be read as Parquet",
            Failure(folder.Write("b.parquet", "nothing of the kind"u8.ToArray())), StringComparison.Ordinal);
    }

    public static TheoryData<string> ParquetOfOthers()
        => [.. Directory.GetFiles(ParquetFiles, "*.parquet").Select(path => Path.GetFileName(path))
            .Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(ParquetOfOthers))]
    public void Parquet_of_other_writers_is_read_in_every_encoding_and_compression(string name)
    {
        using var rows = JsonDocument.Parse(File.ReadAllText(Path.Combine(ParquetFiles, "rows.json")));
        var texts = rows.RootElement.EnumerateArray().Select(row => row.GetProperty("text").GetString());
        Assert.Equal(texts.Where(text => !string.IsNullOrWhiteSpace(text)), Read(Path.Combine(ParquetFiles, name)));
    }

    [Theory]
    [MemberData(nameof(ParquetOfOthers))]
    public void A_damaged_Parquet_file_is_read_or_named_but_nothing_else(string name)
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Path.Combine(ParquetFiles, name));
        var random = new Random(5);
        for (var i = 0; i < 60; i++)
        {
            var damaged = i % 3 == 0 ? bytes[..random.Next(bytes.Length)] : [.. bytes];
            // Every third time cut off, else bytes changed: anywhere, or in the metadata at the end.
            for (var j = 0; i % 3 > 0 && j < 3; j++)
                damaged[random.Next(i % 3 == 1 ? 0 : bytes.Length - 800, bytes.Length)] = (byte)random.Next(256);
            var path = folder.Write($"{i}.parquet", damaged);
            if (Record.Exception(() => Read(path)) is { } error)
                Assert.Contains(path, Assert.IsType<UserException>(error).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Files_folders_and_patterns_are_found_in_a_fixed_order()
    {
        using var folder = new TemporaryFolder();
        foreach (var name in new[] { "b.txt", "a.txt", "sub/c.txt", "sub/deep/d.txt", "sub/e.jsonl", "ignored.md" })
            folder.Write(name, "text");
        string[] Names(string name)
            => [.. DocumentSource.Open([folder[name]],
                new SourceReading("text")).Files.Select(file => Path.GetRelativePath(folder.Path, file))];
        Assert.Equal(["a.txt", "b.txt", "sub/c.txt", "sub/deep/d.txt", "sub/e.jsonl"], Names(""));
        Assert.Equal(["a.txt", "b.txt"], Names("*.txt"));
        Assert.Equal(["a.txt", "b.txt", "sub/c.txt", "sub/deep/d.txt"], Names("**/*.txt"));
        Assert.Equal(["sub/c.txt"], Names("sub/?.txt"));
        Assert.Equal(["sub/c.txt", "sub/deep/d.txt", "sub/e.jsonl"], Names("sub/**"));
        Assert.Equal(["a.txt", "b.txt", "sub/c.txt", "sub/deep/d.txt"], Names("**.txt"));
        Assert.Equal(["sub/deep/d.txt"], Names("**/deep/*"));
        Assert.Equal(["sub/c.txt"], Names("*/*.txt"));
    }

    [Theory]
    [InlineData("missing.txt", "no such file")]
    [InlineData("*.txt", "no file that ends in")]
    [InlineData("note.md", "the ending is none of")]
    public void A_source_that_leads_nowhere_is_an_error(string name, string problem)
    {
        using var folder = new TemporaryFolder();
        folder.Write("note.md", "text");
        Assert.Contains(problem, Failure(folder[name]), StringComparison.Ordinal);
    }

    private static byte[] Gzip(string text)
    {
        var output = new MemoryStream();
        using (var gzip = new GZipStream(output, CompressionLevel.Optimal)) gzip.Write(Encoding.UTF8.GetBytes(text));
        return output.ToArray();
    }

    // With a checksum at the end, as the program zstd writes it.
    private static byte[] Zstandard(string text)
    {
        using var compressor = new Compressor();
        compressor.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor.Wrap(Encoding.UTF8.GetBytes(text)).ToArray();
    }

    private static async Task WriteParquet(string path, string?[][] groups)
    {
        var (id, body) = (new DataField<long>("id"), new DataField<string>("body"));
        await using var stream = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(id, body), stream);
        foreach (var texts in groups)
        {
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<long>(id, new long[texts.Length].AsMemory());
            await group.WriteAsync(body, texts);
            group.CompleteValidate();
        }
    }
}
