using System.Text.Json;
using PretrainBench.Analysis.Tables;
using PretrainBench.Compat.Tests.Parquet;

namespace PretrainBench.Analysis.Tests.Tables;

/// <summary>The tables that we write, read by hyparquet.</summary>
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
        using var json = JsonDocument.Parse(Hyparquet.ReadAsJson(_path));
        Assert.Equal(Rows.Length, json.RootElement.GetArrayLength());
        for (int i = 0; i < Rows.Length; i++)
        {
            Assert.Equal(Columns, json.RootElement[i].EnumerateObject().Select(cell => cell.Name));
            Assert.Equal(Rows[i].Select(Expected), json.RootElement[i].EnumerateObject().Select(cell => Found(cell.Value)));
        }
    }

    [Fact]
    public void A_whole_table_of_runs_is_the_same_in_another_reader()
    {
        var rows = Fixtures.AdamWMuon().Rows;
        RunTableWriter.Write(_path, rows);
        using var json = JsonDocument.Parse(Hyparquet.ReadAsJson(_path));
        Assert.Equal(rows.Select(row => (row.Optimizer, row.N, row.D, row.Loss)), json.RootElement.EnumerateArray().Select(row =>
            (row.GetProperty("optimizer").GetString()!, row.GetProperty("n").GetDouble(), row.GetProperty("tokens").GetDouble(), row.GetProperty("loss").GetDouble())));
        Assert.All(json.RootElement.EnumerateArray(), row => Assert.Equal(JsonValueKind.Null, row.GetProperty("seconds").ValueKind));
    }

    private static object? Expected(object? value) => value switch
    {
        "" => null,
        long or int => Convert.ToDouble(value),
        _ => value,
    };

    private static object? Found(JsonElement cell) => cell.ValueKind switch
    {
        JsonValueKind.String => cell.GetString(),
        JsonValueKind.Number => cell.GetDouble(),
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => null,
    };
}
