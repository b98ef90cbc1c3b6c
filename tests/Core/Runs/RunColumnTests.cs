using System.Text.Json.Nodes;
using PretrainBench.Core.Configuration;
using PretrainBench.Core.Runs;

namespace PretrainBench.Core.Tests.Runs;

public class RunColumnTests
{
    [Fact]
    public void The_page_describes_every_column_as_the_list_has_it()
    {
        var page = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "tables.md"));
        var table = string.Concat(RunColumn.All.Select(column =>
            $"| `{column.Name}` | {string.Join(", ", column.Aliases.Select(alias => $"`{alias}`"))} "
            + $"| {column.Kind.ToString().ToLowerInvariant()} | {column.Unit} "
            + $"| {KeyMeaning.Of(typeof(RunRow).GetProperty(column.Property)!)} "
            + $"| {(column.Source is null ? "" : $"`{column.Source}`")} |\n"));
        Assert.True(page.Contains(table, StringComparison.Ordinal), "docs/tables.md should have these rows:\n" + table);
    }

    [Fact]
    public void No_name_means_two_columns()
    {
        var names = RunColumn.All.SelectMany(column => column.Aliases.Prepend(column.Name)).ToList();
        Assert.Equal(names.Distinct(StringComparer.OrdinalIgnoreCase), names);
        Assert.All(names, name => Assert.NotNull(RunColumn.Find(name.ToUpperInvariant())));
        Assert.Null(RunColumn.Find("label"));
    }

    [Fact]
    public void A_record_gives_the_columns_at_their_paths_numbers_as_numbers_or_as_text()
    {
        var record = JsonNode.Parse("""
            {"run_id": "r1", "optimizer": "muon", "parameters": {"non_embedding": 51000000, "head": 0},
             "tokens": 1000000000,
             "final_loss": 3.1415926535897931, "final": true, "status": "done", "tuning_trials": null,
             "config": {"seed": "3", "optimizer": {"learning_rate": "3e-3", "weight_decay": 0.1}, "data": {"seed": 4}}}
            """)!.AsObject();
        var row = RunColumn.ReadRow(record);
        var expected = new RunRow
        {
            Run = "r1",
            Optimizer = "muon",
            N = double.NaN,
            NonEmbeddingParams = 51e6,
            HeadParams = 0,
            D = 1e9,
            Loss = 3.1415926535897931,
            Seed = 3,
            LearningRate = 3e-3,
            WeightDecay = 0.1,
            DataSeed = 4,
        };
        Assert.Equal(expected, row);
    }

    [Theory]
    [InlineData("loss", "-1")]
    [InlineData("loss", "NaN")]
    [InlineData("flops", "many")]
    [InlineData("seed", "1e300")]
    [InlineData("learning_rate_on_edge", "perhaps")]
    public void What_cannot_be_read_is_missing(string name, string text)
    {
        var column = RunColumn.Find(name)!;
        Assert.Null(column.Of(RunColumn.ReadRow(other => other == column ? text : "")));
    }

    [Theory]
    [InlineData("learning_rate_on_edge", "Yes", true)]
    [InlineData("final", "0", false)]
    [InlineData("seed", "3.0", 3L)]
    [InlineData("learning_rate", "-1e-3", -1e-3)]
    [InlineData("status", "diverged", "diverged")]
    public void What_can_be_read_has_the_type_of_its_kind(string name, string text, object value)
    {
        var column = RunColumn.Find(name)!;
        Assert.Equal(value, column.Of(RunColumn.ReadRow(other => other == column ? text : "")));
    }
}
