using PretrainBench.Optimizers;
using PretrainBench.Training.Checkpoints;
using PretrainBench.Training.Loop;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Tests;

[Collection(nameof(TestCorpus))]
public class ResumeTests(TestCorpus corpus)
{
    public static TheoryData<string> EveryOptimizer => new(RuleRegistry.All.Select(rule => rule.Name));

    [Theory]
    [MemberData(nameof(EveryOptimizer))]
    public void Every_optimizer_goes_on_to_the_last_bit(string optimizer)
    {
        var (undisturbed, stopped) = (corpus.NewRunFolder(), corpus.NewRunFolder());
        string[] overrides = [$"optimizer={{name: {optimizer}}}", "budget.tokens=2560", "evaluation.points=0"];
        RunSession.Execute(TestRuns.Config(corpus, overrides), undisturbed);
        StopAfter(11, stopped, overrides);
        Assert.Equal(RunOutcome.Done, RunSession.Execute(TestRuns.Config(corpus, overrides), stopped));
        Assert.Equal([0, 11], RunResult.Read(stopped)!.AttemptStarts);
        Assert.Equal(TestRuns.WeightsHash(undisturbed), TestRuns.WeightsHash(stopped));
    }

    [Theory]
    [InlineData("adamw")]
    [InlineData("muon")]
    [InlineData("soap")]
    [InlineData("schedule-free-adamw")]
    public void So_do_parameters_that_are_updated_together(string optimizer)
    {
        var (single, together, stopped) = (corpus.NewRunFolder(), corpus.NewRunFolder(), corpus.NewRunFolder());
        string[] overrides = [$"optimizer={{name: {optimizer}, bundled: true}}", "budget.tokens=2560"];
        RunSession.Execute(TestRuns.Config(corpus, [.. overrides, "optimizer.bundled=false"]), single);
        RunSession.Execute(TestRuns.Config(corpus, overrides), together);
        StopAfter(11, stopped, overrides);
        Assert.Equal(RunOutcome.Done, RunSession.Execute(TestRuns.Config(corpus, overrides), stopped));
        Assert.Equal(TestRuns.WeightsHash(together), TestRuns.WeightsHash(stopped));
        Assert.Equal(RunResult.Read(single)!.FinalLoss!.Value, RunResult.Read(together)!.FinalLoss!.Value, 1e-3);
    }

    [Fact]
    public void A_run_killed_at_several_points_ends_with_the_same_bits()
    {
        // Muon on the matrices, AdamW on the rest: both states must come back.
        var config = ConfigFileFor("{name: muon, learning_rate: 0.02}");
        var undisturbed = corpus.NewRunFolder();
        Complete(config, undisturbed);

        var killed = corpus.NewRunFolder();
        // Before the first checkpoint (step 7), between two, and right after one.
        foreach (var step in new[] { 3, 18, 29 })
        {
            using var child = new ChildProcess(config, killed);
            child.WaitForStep(step);
            child.Kill();
            Assert.Null(RunResult.Read(killed));
        }
        Complete(config, killed);

        Assert.Equal(TestRuns.WeightsHash(undisturbed), TestRuns.WeightsHash(killed));
        var (expected, actual) = (RunResult.Read(undisturbed)!, RunResult.Read(killed)!);
        Assert.Equal((expected.FinalLoss, expected.BitsPerByte, expected.SmoothedTrainingLoss),
            (actual.FinalLoss, actual.BitsPerByte, actual.SmoothedTrainingLoss));
        Assert.Equal([0], expected.AttemptStarts);
        Assert.Equal(4, actual.AttemptStarts.Count);
        Assert.Equal(0, actual.AttemptStarts[1]);
        Assert.All(actual.AttemptStarts, start => Assert.Equal(0, start % 7));
        Assert.True(actual.AttemptStarts[3] > actual.AttemptStarts[2] && actual.AttemptStarts[2] > 0);
        Assert.Equal(ValidationCurve(undisturbed), ValidationCurve(killed));
    }

    [Theory]
    [InlineData("TERM")]
    [InlineData("USR2")]
    public void A_notice_saves_where_the_run_stands_and_ends_as_preempted(string signal)
    {
        var config = ConfigFileFor("{name: adamw, learning_rate: 1e-2}");
        var folder = corpus.NewRunFolder();
        using (var child = new ChildProcess(config, folder))
        {
            child.WaitForStep(4);
            child.Signal(signal);
            Assert.Equal((ExitCodes.Preempted, ""), child.Wait());
        }
        Assert.Null(RunResult.Read(folder));
        var saved = Assert.Single(Directory
            .GetDirectories(new RunFolder(folder).Attempts()[0].CheckpointsFolder, "step-*").TakeLast(1));
        Assert.True(Checkpoint.Verify(saved).Step >= 4);

        Assert.Equal(RunOutcome.Done, RunSession.Execute(TestRuns.Config(corpus), folder));
        var undisturbed = corpus.NewRunFolder();
        RunSession.Execute(TestRuns.Config(corpus), undisturbed);
        Assert.Equal(TestRuns.WeightsHash(undisturbed), TestRuns.WeightsHash(folder));
    }

    [Fact]
    public void A_damaged_checkpoint_is_refused_and_the_one_before_used()
    {
        var (folder, config) = (corpus.NewRunFolder(), TestRuns.Config(corpus));
        var undisturbed = corpus.NewRunFolder();
        RunSession.Execute(config, undisturbed);
        StopAfter(30, folder);
        var checkpoints = Directory.GetDirectories(new RunFolder(folder).Attempts()[0].CheckpointsFolder)
            .Order().ToList();
        Assert.Equal(["step-00000028", "step-00000030"], checkpoints.Select(path => Path.GetFileName(path)!));
        var weights = Path.Combine(checkpoints[1], Checkpoint.WeightsFile);
        var bytes = File.ReadAllBytes(weights);
        bytes[^5] ^= 1;
        File.WriteAllBytes(weights, bytes);

        Assert.Equal(RunOutcome.Done, RunSession.Execute(config, folder));
        Assert.Equal([0, 28], RunResult.Read(folder)!.AttemptStarts);
        Assert.Contains("is damaged", File.ReadAllText(Path.Combine(folder, "attempts", "2", "log.txt")));
        Assert.Equal(TestRuns.WeightsHash(undisturbed), TestRuns.WeightsHash(folder));
    }

    [Fact]
    public void When_every_checkpoint_is_damaged_the_run_begins_again()
    {
        var folder = corpus.NewRunFolder();
        StopAfter(10, folder);
        foreach (var checkpoint in Directory.GetDirectories(new RunFolder(folder).Attempts()[0].CheckpointsFolder))
            File.WriteAllText(Path.Combine(checkpoint, Checkpoint.StateFile), "{");
        Assert.Equal(RunOutcome.Done, RunSession.Execute(TestRuns.Config(corpus), folder));
        Assert.Equal([0, 0], RunResult.Read(folder)!.AttemptStarts);
    }

    [Fact]
    public void A_foreign_checkpoint_is_passed_over()
    {
        var (foreign, folder) = (corpus.NewRunFolder(), corpus.NewRunFolder());
        StopAfter(10, foreign, "seed=2");
        StopAfter(9, folder);
        var target = new RunFolder(folder).Attempts()[0].CheckpointsFolder;
        Directory.Move(Path.Combine(new RunFolder(foreign).Attempts()[0].CheckpointsFolder, "step-00000010"),
            Path.Combine(target, "step-00000010"));
        Assert.Equal(RunOutcome.Done, RunSession.Execute(TestRuns.Config(corpus), folder));
        Assert.Equal([0, 9], RunResult.Read(folder)!.AttemptStarts);
    }

    private void StopAfter(int step, string folder, params string[] overrides)
    {
        using var stop = new CancellationTokenSource();
        var progress = new Callback<TrainProgress>(at =>
        {
            // Told while the next step is at work, which is the last.
            if (at.Step == step - 1) stop.Cancel();
        });
        var outcome = RunSession.Execute(TestRuns.Config(corpus, overrides), folder,
            new RunOptions { Progress = progress, Stop = stop.Token });
        Assert.Equal(RunOutcome.Preempted, outcome);
    }

    private string ConfigFileFor(string optimizer)
    {
        var path = Path.Combine(corpus.Folder, $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, TestRuns.Yaml(corpus, optimizer));
        return path;
    }

    private static void Complete(string config, string folder)
    {
        using var child = new ChildProcess(config, folder);
        Assert.Equal((ExitCodes.Done, ""), child.Wait());
    }

    private static List<(int, double?)> ValidationCurve(string folder)
        => [.. RunMetrics.Read(folder).Where(line => line.ValidationLoss is not null)
            .Select(line => (line.Step, line.ValidationLoss))];
}
