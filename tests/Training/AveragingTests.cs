using PretrainBench.Training.Checkpoints;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Tests;

/// <summary>Runs of 40 steps whose weights are averaged.</summary>
[Collection(nameof(TestCorpus))]
public class AveragingTests(TestCorpus corpus)
{
    private const int Steps = 40;
    private const string Ema = "averaging={kind: ema, decay: 0.9}", Tail = "averaging={kind: tail, fraction: 0.2}";

    [Theory]
    [InlineData(Ema)]
    [InlineData(Tail)]
    public void It_is_the_average_of_the_weights_after_each_step(string averaging)
    {
        var folder = corpus.NewRunFolder();
        RunSession.Execute(TestRuns.Config(corpus, averaging), folder,
            new RunOptions { BranchSteps = [.. Enumerable.Range(1, Steps - 1)] });

        using var scope = NewDisposeScope();
        var checkpoints = Path.Combine(folder, "attempts", "1", "checkpoints");
        var weights = Enumerable.Range(1, Steps - 1)
            .Select(step => Path.Combine(checkpoints, $"step-{step:D8}", Checkpoint.WeightsFile))
            .Append(new RunFolder(folder).FinalWeightsPath).Select(TestRuns.Tensors).ToList();
        var counts = Enumerable.Range(1, Steps)
            .Select(step => averaging == Ema ? Math.Pow(0.9, Steps - step) : step > 32 ? 1.0 : 0).ToList();
        var averaged = TestRuns.Tensors(new RunFolder(folder).AveragedWeightsPath);
        Assert.Equal(weights[^1].Keys.Order(), averaged.Keys.Order());
        foreach (var (name, actual) in averaged)
        {
            var sum = zeros_like(actual, dtype: ScalarType.Float64);
            foreach (var (each, count) in weights.Zip(counts)) sum.add_(each[name].to(ScalarType.Float64), count);
            Assert.Equal(ScalarType.Float32, actual.dtype);
            Assert.InRange((sum / counts.Sum() - actual).abs().max().item<double>(), 0, 1e-6);
        }
        using var model = FinalModel.Load(folder, averaged: true);
        var result = RunResult.Read(folder)!;
        Assert.Equal(result.AveragedLoss!.Value, model.Evaluate().Loss, 1e-9);
        Assert.Equal(result.BitsPerByte!.Value / result.FinalLoss!.Value,
            result.AveragedBitsPerByte!.Value / result.AveragedLoss.Value, 1e-9);
        Assert.NotEqual(result.FinalLoss, result.AveragedLoss);
    }

    [Theory]
    [InlineData("adamw")]
    [InlineData("schedule-free-adamw")]
    public void It_changes_nothing_else_of_the_run(string optimizer)
    {
        var (without, with) = (corpus.NewRunFolder(), corpus.NewRunFolder());
        string[] settings = [$"optimizer={{name: {optimizer}}}"];
        RunSession.Execute(TestRuns.Config(corpus, settings), without);
        RunSession.Execute(TestRuns.Config(corpus, [.. settings, Ema]), with);
        Assert.Equal(TestRuns.WeightsHash(without), TestRuns.WeightsHash(with));
        var (plain, averaged) = (RunResult.Read(without)!, RunResult.Read(with)!);
        Assert.Equal((plain.FinalLoss, plain.BitsPerByte), (averaged.FinalLoss, averaged.BitsPerByte));
        Assert.Null(plain.AveragedLoss);
        Assert.False(File.Exists(new RunFolder(without).AveragedWeightsPath));
        Assert.Equal(Curve(without, line => line.ValidationLoss), Curve(with, line => line.ValidationLoss));
        Assert.Empty(Curve(without, line => line.AveragedLoss));
        Assert.Equal(4, Curve(with, line => line.AveragedLoss).Count);
    }

    [Theory]
    [InlineData("{kind: ema, decay: 0.9}")]
    [InlineData("{kind: tail, fraction: 0.6}")]
    public void A_killed_run_ends_with_the_same_average(string averaging)
    {
        var (undisturbed, killed) = (corpus.NewRunFolder(), corpus.NewRunFolder());
        var config = Path.Combine(corpus.Folder, $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(config, TestRuns.Yaml(corpus, more: $"averaging: {averaging}"));
        // Before the tail begins (step 16), and within it.
        foreach (var step in new[] { 10, 23, 31 })
        {
            using var child = new ChildProcess(config, killed);
            child.WaitForStep(step);
            child.Kill();
            Assert.Null(RunResult.Read(killed));
        }
        foreach (var folder in new[] { undisturbed, killed })
            Assert.Equal(RunOutcome.Done, RunSession.Execute(RunConfig.Read(config), folder));
        Assert.Equal(4, RunResult.Read(killed)!.AttemptStarts.Count);
        Assert.Equal(TestRuns.WeightsHash(undisturbed, averaged: true), TestRuns.WeightsHash(killed, averaged: true));
        Assert.Equal(RunResult.Read(undisturbed)!.AveragedLoss, RunResult.Read(killed)!.AveragedLoss);
    }

    [Theory]
    [InlineData(Ema, 16)]
    [InlineData(Tail, 16)]
    [InlineData("averaging={kind: tail, fraction: 0.5}", 10)]
    public void A_branch_has_the_average_of_the_same_run_trained_alone(string averaging, int leaves)
    {
        var (alone, trunk, branch) = (corpus.NewRunFolder(), corpus.NewRunFolder(), corpus.NewRunFolder());
        Assert.Equal(leaves, RunSession.Resolve(Config(2560, averaging)).SharedSteps);
        RunSession.Execute(Config(2560, averaging), alone);
        RunSession.Execute(Config(5120, averaging), trunk, new RunOptions { BranchSteps = [leaves, 16] });
        RunSession.Execute(Config(2560, averaging), branch, new RunOptions { Trunk = new(trunk, leaves) });
        Assert.Equal([leaves], RunResult.Read(branch)!.AttemptStarts);
        Assert.Equal(TestRuns.WeightsHash(alone, averaged: true), TestRuns.WeightsHash(branch, averaged: true));
        if (leaves == 16) return;
        // Its tail has begun by then, over other steps than the trunk's.
        var late = new RunOptions { Trunk = new(trunk, 16) };
        var message = Assert.Throws<UserException>(
            () => RunSession.Execute(Config(2560, averaging), corpus.NewRunFolder(), late)).Message;
        Assert.Contains("the averages of their weights begin at steps 10 and 20", message);
    }

    [Theory]
    [InlineData("averaging={kind: tail, decay: 0.9}", "averaging.decay: is for `kind: ema`")]
    [InlineData("averaging={kind: ema, fraction: 0.9}", "averaging.fraction: is for `kind: tail`")]
    [InlineData("averaging={kind: ema, decay: 1}", "averaging.decay: must be between 0 and 1")]
    [InlineData("averaging={kind: tail, fraction: 0}", "averaging.fraction: must be greater than 0")]
    public void What_cannot_be_is_refused(string averaging, string message)
        => Assert.Contains(message,
            Assert.Throws<UserException>(() => TestRuns.Config(corpus, averaging)).Message);

    [Fact]
    public void Averaged_weights_that_no_run_kept_are_refused()
    {
        var folder = corpus.NewRunFolder();
        RunSession.Execute(TestRuns.Config(corpus), folder);
        Assert.Contains("train a run with `averaging`",
            Assert.Throws<UserException>(() => FinalModel.Load(folder, averaged: true)).Message);
    }

    private RunConfig Config(int tokens, string averaging) => TestRuns.Config(corpus, $"budget.tokens={tokens}",
        "schedule={kind: wsd, warmup_steps: 3, decay_fraction: 0.2}", averaging);

    private static List<(int, double)> Curve(string folder, Func<MetricsLine, double?> value)
        => [.. RunMetrics.Read(folder).Where(line => value(line) is not null)
            .Select(line => (line.Step, value(line)!.Value))];
}
