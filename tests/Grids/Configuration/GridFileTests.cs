using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Planning;
using PretrainBench.Optimizers.Rules;

namespace PretrainBench.Grids.Tests.Configuration;

public sealed class GridFileTests
{
    private const string Good = """
        name: g
        base: {data: {folder: d}, batch: {sequence_length: 64}}
        axes: {optimizer: [adamw, tuned], size: [0.1M, mine], tokens_per_parameter: [5]}
        sizes: {mine: {layers: 1, width: 32, heads: 1}}
        optimizers: {tuned: {name: adamw, beta2: 0.99}}
        """;

    private static GridFile Parse(string yaml) => GridFile.From(ConfigFile.Parse(yaml, "grid.yaml"), ".", "grid.yaml");

    private static string ErrorOf(string yaml) => Assert.Throws<UserException>(() => Parse(yaml)).Message;

    [Fact]
    public void A_cell_is_the_base_with_the_axes_over_it()
    {
        var config = CellConfiguration.Of(Parse(Good),
            new GridCell("tuned", "mine", 5, 3, BatchTokens: 640, LearningRate: 0.25));
        Assert.Equal("adamw", config.Optimizer.Name);
        Assert.Equal(0.25, config.Optimizer.LearningRate);
        Assert.Contains("beta2: 0.99", ConfigWriter.ToYaml(config), StringComparison.Ordinal);
        Assert.Equal((1, 32, (string?)null), (config.Model.Layers, config.Model.Width, config.Model.Size));
        Assert.Equal((3UL, 10, 64), (config.Seed, config.Batch.SequencesPerStep, config.Batch.SequenceLength));
        Assert.Equal(5, config.Budget.TokensPerParameter);
        Assert.Equal("0.1M", CellConfiguration.Of(Parse(Good), new GridCell("adamw", "0.1M", 5, 0)).Model.Size);
    }

    [Fact]
    public void A_frozen_grid_reads_back_as_the_same_grid()
    {
        var grid = Parse(Good);
        var again = Parse(grid.ToYaml());
        Assert.Equal(grid.Id, again.Id);
        Assert.NotEqual(grid.Id, Parse(Good.Replace("beta2: 0.99", "beta2: 0.98", StringComparison.Ordinal)).Id);
        Assert.NotEqual(grid.Id, Parse(Good.Replace("folder: d", "folder: e", StringComparison.Ordinal)).Id);
    }

    [Theory]
    [InlineData("tokens_per_parameter: [5]", "tokens_per_parameter: [-5]", "must be above 0")]
    [InlineData("tokens_per_parameter: [5]", "tokens_per_parameter: [5, 5]", "stands there 2 times")]
    [InlineData("name: g", "name: a/b", "names a folder")]
    [InlineData("name: g", "nam: g", "did you mean `name`")]
    [InlineData("sizes:", "tuning: {start: {adamw: 0.01}}\nsizes:", "no learning rate to start from for `tuned`")]
    [InlineData("sizes:", "tuning: {start: {adamw: 1, tuned: 1}, factor: 1}\nsizes:", "makes no ladder")]
    [InlineData("sizes:", "repeats: [{size: 0.2M, tokens_per_parameter: 5, seed: [1]}]\nsizes:",
        "not on the size axis")]
    [InlineData("sizes:", "repeats: [{size: mine, tokens_per_parameter: 6, seed: [1]}]\nsizes:", "not on its axis")]
    [InlineData("sizes:", "repeats: [{size: mine, tokens_per_parameter: 5, seed: []}]\nsizes:",
        "at least one is needed")]
    public void Impossible_grids_are_refused_with_a_hint(string from, string to, string expected)
        => Assert.Contains(expected, ErrorOf(Good.Replace(from, to, StringComparison.Ordinal)));

    [Fact]
    public void A_grid_of_more_runs_than_anyone_means_is_refused_with_their_number()
        => Assert.Contains("6.0e5 runs; more than 100000", ErrorOf(Good.Replace("tokens_per_parameter: [5]",
            $"tokens_per_parameter: [5], seed: [{string.Join(", ", Enumerable.Range(0, 150_000))}]",
            StringComparison.Ordinal)), StringComparison.Ordinal);

    [Theory]
    [InlineData("batch: {", "model: {size: 1M}, batch: {", "model.size")]
    [InlineData("batch: {", "budget: {tokens: 1M}, batch: {", "budget")]
    [InlineData("batch: {", "seed: 3, batch: {", "seed")]
    [InlineData("batch: {", "optimizer: {name: adamw}, batch: {", "optimizer.name")]
    public void What_the_axes_decide_may_not_stand_in_the_base(string from, string to, string key)
    {
        var grid = Parse(Good.Replace(from, to, StringComparison.Ordinal));
        var error = Assert.Throws<UserException>(() => CellConfiguration.Of(grid, new GridCell("adamw", "0.1M", 5, 0)));
        Assert.Contains($"{key}: the grid's axes decide this", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_axis_can_be_cut_short_and_the_sections_stay()
        => Assert.Equal(["adamw"],
            Parse(Good.Replace("[adamw, tuned]", "[adamw]", StringComparison.Ordinal)
                .Replace("[0.1M, mine]", "[0.1M]", StringComparison.Ordinal)).Config.Axes.Optimizer);

    [Fact]
    public void An_optimizers_settings_can_come_from_a_file_and_become_part_of_the_plan()
    {
        var folder = Directory.CreateTempSubdirectory();
        File.WriteAllText(Path.Combine(folder.FullName, "tuned.yaml"),
            "{name: adamw, learning_rate: 3e-3, beta2: 0.98}");
        var yaml = Good.Replace("{name: adamw, beta2: 0.99}", "tuned.yaml", StringComparison.Ordinal);

        var grid = GridFile.From(ConfigFile.Parse(yaml, "grid.yaml"), folder.FullName, "grid.yaml");
        folder.Delete(recursive: true);

        var options = (AdamWOptions)CellConfiguration.Of(Parse(grid.ToYaml()),
            new GridCell("tuned", "mine", 5, 3, LearningRate: 0.25)).Optimizer.Options;
        Assert.Equal((0.25, 0.98), (options.LearningRate, options.Beta2));
    }

    [Fact]
    public void A_batch_must_be_whole_sequences()
        => Assert.Contains("no multiple of the sequence length 64",
            Assert.Throws<UserException>(() =>
                CellConfiguration.Of(Parse(Good), new GridCell("adamw", "0.1M", 5, 0, BatchTokens: 100))).Message);
}
