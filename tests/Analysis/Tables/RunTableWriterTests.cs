using PretrainBench.Analysis.Tables;
using PretrainBench.Core;

namespace PretrainBench.Analysis.Tests.Tables;

public sealed class RunTableWriterTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pretrainbench-tables-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("table.csv")]
    [InlineData("table.parquet")]
    public void A_table_is_read_back_as_it_was_written(string name)
    {
        var path = Path.Combine(_folder, name);
        RunRow[] rows =
        [
            new()
            {
                Run = "a, \"b\"", Optimizer = "muon", Size = "50m", N = 5.1e7, D = 1.0 / 3e-10,
                Loss = 3.1415926535897931, Flops = 1.1e18, Seconds = 12.5,
                OptimizerSeconds = 1.5, NonEmbeddingParams = 5.1e7, TotalParams = 8e7, EmbeddingParams = 1e7,
                HeadParams = 1.9e7, MatrixParams = 5e7,
                VectorParams = 1e6, BitsPerByte = 1.2, TokensPerParameter = 20, LearningRate = 0.02, WeightDecay = 0.1,
                BatchTokens = 65536, Seed = 3, DataSeed = 4,
                Trunk = "t", LearningRateOnEdge = false, TuningTrials = 7,
            },
            new() { Optimizer = "adamw", Size = "s", N = 1e8, D = 2e9, Loss = 3 },
        ];
        RunTableWriter.Write(path, rows);
        var read = RunTableReader.Read(path).Rows;
        Assert.Equal(2, read.Count);
        for (int i = 0; i < rows.Length; i++)
            Assert.Equal(rows[i], read[i] with { File = "", Line = 0 });
    }

    [Fact]
    public void Several_files_are_one_table_and_repeats_between_them_are_listed()
    {
        var (csv, parquet) = (Path.Combine(_folder, "a.csv"), Path.Combine(_folder, "b.parquet"));
        var rows = Fixtures.Synthetic(0.001, 1, 2).Rows.Select((row, i) => row with { Run = $"r{i}" }).ToList();
        RunTableWriter.Write(csv, [.. rows.Take(30)]);
        RunTableWriter.Write(parquet, [.. rows.Skip(25)]);
        var table = RunTableReader.Read([csv, parquet]);
        Assert.Equal(50, table.Rows.Count);
        Assert.Equal(5, table.Excluded.Count);
        Assert.All(table.Excluded, row => Assert.Contains("repeats a.csv:", row.Reason));
    }

    [Fact]
    public void A_damaged_parquet_file_is_a_message()
    {
        var path = Path.Combine(_folder, "bad.parquet");
        File.WriteAllText(path, "PAR1 this is not Parquet");
        Assert.Contains("cannot be read as Parquet",
            Assert.Throws<UserException>(() => RunTableReader.Read(path)).Message);
    }

    [Fact]
    public void A_hundred_thousand_rows_are_read_and_fitted()
    {
        var path = Path.Combine(_folder, "large.csv");
        var few = Fixtures.Synthetic(0.002, 1, 2, [50e6, 100e6, 200e6, 400e6, 800e6],
            [.. Enumerable.Range(0, 10_000).Select(i => 10 + 0.01 * i)]).Rows;
        RunTableWriter.Write(path, [.. few.Select((row, i) => row with { Run = $"run-{i}" })]);
        var table = RunTableReader.Read(path);
        Assert.Equal(100_000, table.Rows.Count);
        var fit = PretrainBench.Analysis.Solvers.Fitter.Fit(table, Fixtures.Law("shared"));
        Assert.Equal(1.4, fit["muon"].RhoD, 0.02);
    }
}
