using PretrainBench.Core;
using PretrainBench.Core.Runs;
using PretrainBench.Grids.Claims;
using PretrainBench.Grids.Collecting;
using PretrainBench.Grids.Planning;
using PretrainBench.Grids.Status;
using PretrainBench.Grids.Working;
using PretrainBench.Training.Results;

namespace PretrainBench.Grids.Tests.Collecting;

public class GridCollectorTests(TestGrid grids) : IClassFixture<TestGrid>
{
    [Fact]
    public void A_trained_cell_is_a_row_of_what_its_result_and_the_grid_say()
    {
        var folder = grids.Folder("axes: {optimizer: [muon], size: [0.1M], tokens_per_parameter: [0.1]}");
        Assert.Equal(ExitCodes.Done, new GridWorker(folder, threads: 1).Work(CancellationToken.None));

        var (rows, trials, missing) = GridCollector.Collect(folder);

        Assert.Empty(trials);
        Assert.Equal(0, missing);
        var run = Assert.Single(folder.Plan());
        var (result, config) = (RunResult.Read(folder.RunFolder(run.RunId))!, run.ReadConfig());
        var expected = new RunRow
        {
            Run = run.RunId,
            Optimizer = "muon",
            Size = "0.1M",
            N = double.NaN,
            D = result.Tokens,
            Loss = result.FinalLoss!.Value,
            UniqueTokens = result.TrainingTokensAvailable,
            TokensPerParameter = 0.1,
            Flops = result.ModelFlops + result.OptimizerFlops,
            Seconds = result.TrainingSeconds,
            WorkersOnDevice = 1,
            OptimizerSeconds = result.OptimizerSeconds,
            BitsPerByte = result.BitsPerByte,
            NonEmbeddingParams = result.Parameters.NonEmbedding,
            TotalParams = result.Parameters.Total,
            EmbeddingParams = result.Parameters.Embedding,
            HeadParams = result.Parameters.Head,
            MatrixParams = result.Parameters.Matrices,
            VectorParams = result.Parameters.Vectors,
            LearningRate = config.Optimizer.LearningRate,
            WeightDecay = config.Optimizer.Options.WeightDecay,
            BatchTokens = 128,
            Seed = 0,
            DataSeed = (long)config.Data.Seed,
            DataHash = result.Data.DataHash,
            TokenizerHash = result.Data.TokenizerHash,
            ValidationTokens = result.ValidationTokens,
            SequenceLength = config.Batch.SequenceLength,
            Schedule = "cosine",
            Precision = "fp32",
            Program = result.Versions["pretrainbench"],
            Torch = result.Versions["torch"],
        };
        Assert.Equal(expected, Assert.Single(rows));
    }

    [Fact]
    public void A_run_with_averaged_weights_has_both_losses()
    {
        var folder = grids.Folder(
            "axes: {optimizer: [adamw], size: [t], tokens_per_parameter: [1]}" + TestGrid.TinySize,
            ", averaging: {kind: tail}");
        Assert.Equal(ExitCodes.Done, new GridWorker(folder, threads: 1).Work(CancellationToken.None));
        var (row, result) = (Assert.Single(GridCollector.Collect(folder).Cells),
            RunResult.Read(folder.RunFolder(Assert.Single(folder.Plan()).RunId))!);
        Assert.Equal((result.FinalLoss, result.AveragedLoss, result.AveragedBitsPerByte),
            (row.Loss, row.AveragedLoss, row.AveragedBitsPerByte));
        Assert.NotNull(row.AveragedLoss);
    }

    [Fact]
    public void A_cell_that_failed_has_a_row_of_its_plan_and_one_that_is_not_finished_is_missing()
    {
        var folder = grids.Folder("axes: {optimizer: [adamw], size: [0.1M], tokens_per_parameter: [0.1, 0.2]}");
        var run = new GridView(folder).Plan()[0];
        Fail(folder, run);

        var (rows, _, missing) = GridCollector.Collect(folder);

        Assert.Equal(1, missing);
        var row = Assert.Single(rows);
        Assert.Equal((run.RunId, "failed", false), (row.Run, row.Status, row.Final));
        Assert.Equal((run.Tokens, run.Flops, 128), (row.D, row.Flops, row.BatchTokens));
        Assert.Equal(run.ReadConfig().Optimizer.LearningRate, row.LearningRate);
        Assert.True(double.IsNaN(row.Loss));
        Assert.Null(row.Seconds);
    }

    [Fact]
    public void Trials_are_rows_of_their_own_with_the_ladder_that_they_belong_to()
    {
        var folder = grids.Folder("""
            axes: {optimizer: [adamw], size: [0.1M], tokens_per_parameter: [0.1]}
            tuning: {start: {adamw: 0.01}, extensions: 0}
            """);
        new GridWorker(folder, threads: 1).Work(CancellationToken.None);

        var (rows, trials, missing) = GridCollector.Collect(folder);

        Assert.Equal(0, missing);
        Assert.Equal(folder.Plan().Select(run => run.RunId).Order(), trials.Select(row => row.Run).Order());
        var best = trials.MinBy(row => row.Loss)!;
        Assert.Equal(best, Assert.Single(rows));
        var rates = trials.Select(row => row.LearningRate!.Value).ToList();
        var onEdge = best.LearningRate == rates.Min() || best.LearningRate == rates.Max();
        Assert.All(trials, row => Assert.Equal((3, onEdge), (row.TuningTrials, row.LearningRateOnEdge)));
    }

    [Fact]
    public void A_grid_of_which_nothing_is_finished_says_where_to_look()
    {
        var folder = grids.Folder("axes: {optimizer: [adamw], size: [0.1M], tokens_per_parameter: [1]}");
        new GridView(folder).Plan();
        Assert.Contains("grid status", Assert.Throws<UserException>(() => GridCollector.Collect(folder)).Message,
            StringComparison.Ordinal);
    }

    private static void Fail(GridFolder folder, PlannedRun run)
    {
        var claims = new ClaimFiles(folder.RunFolder(run.RunId));
        claims.TryClaim(0, ProcessIdentity.Current);
        claims.End(1, new ClaimEnd(ClaimEndKind.Failed, "impossible", Final: true));
    }
}
