using PretrainBench.Core;
using PretrainBench.Core.Configuration;
using PretrainBench.Grids.Collecting;
using PretrainBench.Grids.Configuration;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Working;

namespace PretrainBench.Grids.Tests.Scaling;

/// <summary>Grids whose hyper-parameters are carried from elsewhere.</summary>
public class CellScalingTests(TestGrid grids) : IClassFixture<TestGrid>
{
    private const string Rates = """
        learning_rate:
          rule: power
          at: {parameters: 1000, tokens: 4000, width: 16}
          accepted: false
          optimizers:
            adamw: {learning_rate: 0.01, size_exponent: -0.5, tokens_exponent: 0.25, trials: 4, on_edge: true}
        """;

    private const string Axes = "axes: {optimizer: [adamw], size: [t], tokens_per_parameter: [1, 4]}";

    [Fact]
    public void Rates_decay_and_batch_follow_the_cell()
    {
        var planner = new GridPlanner(Grid(Axes, Rates + """

            hidden_learning_rate: {at_width: 8}
            weight_decay: {at_width: 32}
            batch_tokens: {at_tokens: 2000, exponent: 0.5}
            """));
        var runs = planner.Determined(_ => null);
        Assert.Equal(2, runs.Count);
        foreach (var run in runs)
        {
            var (config, place) = (run.ReadConfig(), planner.PlaceOf(run.Cell));
            Assert.Equal(run.Cell.TokensPerParameter * place.Parameters, place.Tokens);
            Assert.Equal(0.01 * Math.Pow(place.Parameters / 1000, -0.5) * Math.Pow(place.Tokens / 4000, 0.25),
                config.Optimizer.LearningRate, 1e-7);
            Assert.Equal(2 * RunConfigDecay(planner), config.Optimizer.Options.WeightDecay, 1e-12);
            Assert.Equal(Math.Round(4 * Math.Sqrt(place.Tokens / 2000)), config.Batch.SequencesPerStep);
            var hidden = config.Optimizer.Resolve(Enum.GetValues<ParameterRole>())
                .Single(group => group.Roles.Contains(ParameterRole.HiddenMatrix));
            Assert.Equal(config.Optimizer.LearningRate / 2, hidden.Options.LearningRate, 1e-12);
        }
    }

    [Fact]
    public void A_table_says_how_its_rates_were_found_and_whether_they_held()
    {
        var folder = new GridFolder(Directory.CreateTempSubdirectory("pretrainbench-scaling-").FullName);
        try
        {
            folder.Use(Grid("axes: {optimizer: [adamw], size: [t], tokens_per_parameter: [1]}", Rates));
            Assert.Equal(ExitCodes.Done, new GridWorker(folder, threads: 1).Work(CancellationToken.None));
            var row = Assert.Single(GridCollector.Collect(folder).Cells);
            Assert.Equal(("refused", true, 4L), (row.LearningRateScaling, row.LearningRateOnEdge, row.TuningTrials));
        }
        finally
        {
            Directory.Delete(folder.Root, recursive: true);
        }
    }

    [Theory]
    [InlineData("axes: {optimizer: [adamw, muon], size: [t], tokens_per_parameter: [1]}", Rates, "no rate for `muon`")]
    [InlineData("axes: {optimizer: [adamw], size: [t], tokens_per_parameter: [1], learning_rate: [0.1]}", Rates,
        "rates are tuned too")]
    [InlineData(Axes + "\ntrunks: true", Rates, "train without trunks")]
    [InlineData("axes: {optimizer: [adamw], size: [t], tokens_per_parameter: [1], batch_tokens: [128]}",
        "batch_tokens: {at_tokens: 1, exponent: 1}", "an axis of batches too")]
    [InlineData(Axes, "weight_decay: {at_width: 0}", "at_width must be at least 1")]
    [InlineData(Axes, "learning_rates: {}", "unknown key")]
    public void What_does_not_go_together_is_told(string axes, string scaling, string problem)
        => Assert.Contains(problem, Assert.Throws<UserException>(() => Grid(axes, scaling)).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_scaling_that_was_written_reads_back_as_it_was()
    {
        var scaling = ConfigBinder.Bind<ScalingConfig>(ConfigFile.Parse(Rates, "r"), "r");
        var own = scaling.LearningRate!.Optimizers["adamw"] with { Cost = 0.0123 };
        scaling = scaling with
        {
            LearningRate = scaling.LearningRate with
            {
                Optimizers = new Dictionary<string, OptimizerScaling> { ["adamw"] = own },
            },
        };
        var yaml = ConfigWriter.ToYaml(scaling);
        var read = ConfigBinder.Bind<ScalingConfig>(ConfigFile.Parse(yaml, "r"), "r");
        Assert.Equal(yaml, ConfigWriter.ToYaml(read));
        Assert.Equal(own, read.LearningRate!.Optimizers["adamw"]);
    }

    private double RunConfigDecay(GridPlanner planner)
        => CellConfiguration.Of(grids.Grid(Axes + TestGrid.TinySize), planner.Cells()[0].Cell)
            .Optimizer.Options.WeightDecay;

    private GridFile Grid(string axes, string scaling) => grids.Grid(
        axes + TestGrid.TinySize + "\nscaling:\n  " + scaling.Replace("\n", "\n  ", StringComparison.Ordinal));
}
