using ParquetSharp;
using PretrainBench.Analysis.Tables;

namespace PretrainBench.Analysis.Tests.Tables;

/// <summary>The tables that we write, read by Apache Arrow's reader, which shares nothing with the one that writes them.</summary>
public sealed class OtherReaderTests : IDisposable
{
    private static readonly string[] Columns =
        ["run", "optimizer", "size", "non_embedding_params", "tokens", "loss", "seed", "tuning_trials", "trunk", "status", "final", "learning_rate_on_edge"];

    // Text with what CSV would have to quote, whole numbers where the column holds fractions, and nulls of every kind.
    private static readonly object?[][] Rows =
    [
        ["a, \"b\"\nc", "muon", "50m", 51_000_000L, 1e9, 3.1415926535897931, 3L, 7, "trunk-1", "done", true, false],
        ["cédre \U0001F332", "adamw", "", 5.1e7, 1.0 / 3e-10, double.Epsilon, -4, null, null, "done", true, null],
        ["r3", "adamw", "50m", null, 2L, null, null, 0, null, "diverged", false, true],
    ];

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"pretrainbench-{Guid.NewGuid():N}.parquet");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Another_reader_finds_text_numbers_flags_and_nulls_as_they_were_given()
    {
        RunTableWriter.Write(_path, Columns, Rows);
        var (names, cells) = ReadByArrow();
        Assert.Equal(Columns, names);
        for (var i = 0; i < Rows.Length; i++)
            Assert.Equal(Rows[i].Select(Expected), cells.Select(column => column[i]).Select(AsNumber));
    }

    [Fact]
    public void Our_own_reader_finds_the_same()
    {
        RunTableWriter.Write(_path, Columns, Rows);
        var table = ParquetTables.Read(_path);
        Assert.Equal(Columns, table.Columns);
        Assert.Equal(["a, \"b\"\nc", "cédre \U0001F332", "r3"], table.Rows.Select(row => row[0]));
        Assert.Equal(["50m", "", "50m"], table.Rows.Select(row => row[2]));
        Assert.Equal(["trunk-1", "", ""], table.Rows.Select(row => row[8]));
        Assert.Equal(["51000000", "51000000", ""], table.Rows.Select(row => row[3]));
    }

    [Fact]
    public void A_whole_table_of_runs_is_the_same_in_another_reader()
    {
        var rows = Fixtures.AdamWMuon().Rows;
        RunTableWriter.Write(_path, rows);
        var (names, cells) = ReadByArrow();
        object?[] Column(string name) => cells[Array.IndexOf(names, name)];
        Assert.Equal(rows.Select(row => (object?)row.Optimizer), Column("optimizer"));
        Assert.Equal(rows.Select(row => (object?)row.N), Column("n"));
        Assert.Equal(rows.Select(row => (object?)row.D), Column("tokens"));
        Assert.Equal(rows.Select(row => (object?)row.Loss), Column("loss"));
        Assert.All(Column("seconds"), Assert.Null);
    }

    [Fact]
    public void A_table_of_another_writer_keeps_its_text()
    {
        using (var file = new ParquetFileWriter(_path, [new Column<string>("optimizer"), new Column<double>("loss"), new Column<long?>("seed")]))
        {
            using var group = file.AppendRowGroup();
            using (var texts = group.NextColumn().LogicalWriter<string?>()) texts.WriteBatch(["muon", null, "adamw"]);
            using (var losses = group.NextColumn().LogicalWriter<double>()) losses.WriteBatch([3.5, 3.25, 3]);
            using (var seeds = group.NextColumn().LogicalWriter<long?>()) seeds.WriteBatch([1, null, 2]);
            file.Close();
        }
        var table = ParquetTables.Read(_path);
        Assert.Equal(["muon,3.5,1", ",3.25,", "adamw,3,2"], table.Rows.Select(row => string.Join(',', row)));
    }

    private (string[] Names, object?[][] Cells) ReadByArrow()
    {
        using var file = new ParquetFileReader(_path);
        using var group = file.RowGroup(0);
        var count = checked((int)group.MetaData.NumRows);
        var names = Enumerable.Range(0, file.FileMetaData.NumColumns).Select(j => file.FileMetaData.Schema.Column(j).Name).ToArray();
        return (names, [.. names.Select((_, j) => group.Column(j).LogicalReader().Apply(new Boxes(count)))]);
    }

    private static object? Expected(object? value) => value is "" ? null : AsNumber(value);

    private static object? AsNumber(object? value) => value is long or int ? Convert.ToDouble(value) : value;

    private sealed class Boxes(int count) : ILogicalColumnReaderVisitor<object?[]>
    {
        public object?[] OnLogicalColumnReader<TValue>(LogicalColumnReader<TValue> reader)
            => [.. reader.ReadAll(count).Select(value => (object?)value)];
    }
}
