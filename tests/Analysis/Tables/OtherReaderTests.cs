using ParquetSharp;
using PretrainBench.Analysis.Tables;

namespace PretrainBench.Analysis.Tests.Tables;

/// <summary>The tables that we write, read by Apache Arrow's reader, which shares nothing with the one that writes
/// them.</summary>
public sealed class OtherReaderTests : IDisposable
{
    // Text with what CSV would have to quote, whole numbers where the column holds fractions, and nulls of every kind.
    private static readonly RunRow[] Rows =
    [
        new()
        {
            Run = "a, \"b\"\nc", Optimizer = "muon", Size = "50m", N = 51_000_000, D = 1e9,
            Loss = 3.1415926535897931, Seed = 3,
            TuningTrials = 7, Trunk = "trunk-1", LearningRateOnEdge = false,
        },
        new()
        {
            Run = "cédre \U0001F332",
            Optimizer = "adamw",
            N = 5.1e7,
            D = 1.0 / 3e-10,
            Loss = double.Epsilon,
            Seed = -4,
        },
        new()
        {
            Run = "r3", Optimizer = "adamw", Size = "50m", N = double.NaN, D = 2, Loss = double.NaN, TuningTrials = 0,
            Status = "diverged", Final = false, LearningRateOnEdge = true,
        },
    ];

    private readonly string _path = Path.Combine(Path.GetTempPath(), $"pretrainbench-{Guid.NewGuid():N}.parquet");

    public void Dispose() => File.Delete(_path);

    [Fact]
    public void Another_reader_finds_text_numbers_flags_and_nulls_as_they_were_given()
    {
        RunTableWriter.Write(_path, Rows);
        var (names, cells) = ReadByArrow();
        Assert.Equal(RunColumn.All.Select(column => column.Name), names);
        for (var i = 0; i < Rows.Length; i++)
            Assert.Equal(RunColumn.All.Select(column => column.Of(Rows[i])), cells.Select(column => column[i]));
        object?[] Column(string name) => cells[Array.IndexOf(names, name)];
        Assert.Equal(["a, \"b\"\nc", "cédre \U0001F332", "r3"], Column("run"));
        Assert.Equal(["50m", null, "50m"], Column("size"));
        Assert.Equal([51_000_000.0, 5.1e7, null], Column("n"));
        Assert.Equal([3.1415926535897931, double.Epsilon, null], Column("loss"));
        Assert.Equal([3L, -4L, null], Column("seed"));
        Assert.Equal([7L, null, 0L], Column("tuning_trials"));
        Assert.Equal([true, true, false], Column("final"));
        Assert.Equal([false, null, true], Column("learning_rate_on_edge"));
    }

    [Fact]
    public void Our_own_reader_finds_the_same()
    {
        RunTableWriter.Write(_path, Rows);
        var table = ParquetTables.Read(_path);
        Assert.Equal(RunColumn.All.Select(column => column.Name), table.Columns);
        var read = table.Rows.Select(cells => RunColumn.ReadRow(column => cells[table.IndexOf(column.Name)]));
        Assert.Equal(Rows, read);
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
        using (var file = new ParquetFileWriter(_path,
                [new Column<string>("optimizer"), new Column<double>("loss"), new Column<long?>("seed")]))
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
        var names = Enumerable.Range(0, file.FileMetaData.NumColumns)
            .Select(j => file.FileMetaData.Schema.Column(j).Name).ToArray();
        return (names, [.. names.Select((_, j) => group.Column(j).LogicalReader().Apply(new Boxes(count)))]);
    }

    private sealed class Boxes(int count) : ILogicalColumnReaderVisitor<object?[]>
    {
        public object?[] OnLogicalColumnReader<TValue>(LogicalColumnReader<TValue> reader)
            => [.. reader.ReadAll(count).Select(value => (object?)value)];
    }
}
