using PretrainBench.Training.Checkpoints;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Loop;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Tests;

/// <summary>Runs of 20 steps that leave a trunk of 40 at step 16, and are held to the same run trained alone.</summary>
[Collection(nameof(TestCorpus))]
public class TrunkTests(TestCorpus corpus)
{
    private const string Schedule = "schedule={kind: wsd, warmup_steps: 3, decay_fraction: 0.2}";
    private const int Leaves = 16;

    public static TheoryData<string> EveryOptimizer => ResumeTests.EveryOptimizer;

    [Theory]
    [MemberData(nameof(EveryOptimizer))]
    public void A_branch_has_the_bits_of_the_same_run_trained_alone(string optimizer)
    {
        string[] settings = [$"optimizer={{name: {optimizer}}}", Schedule, "evaluation.sequences=2"];
        var (alone, trunk, branch) = (corpus.NewRunFolder(), corpus.NewRunFolder(), corpus.NewRunFolder());
        Train(Short(settings), alone);
        // Only as far as the branch needs it.
        StopTrunkAfter(Leaves + 1, trunk, settings);
        Train(Short(settings), branch, new RunTrunk(trunk, Leaves));

        Assert.Equal([Leaves], RunResult.Read(branch)!.AttemptStarts);
        AssertSame(alone, branch);
    }

    [Fact]
    public void A_branch_counts_what_it_costs_alone_its_trunk_s_share_included()
    {
        var (alone, trunk, branch) = (corpus.NewRunFolder(), corpus.NewRunFolder(), corpus.NewRunFolder());
        Train(Short(Schedule), alone);
        Train(Long(), trunk, branchSteps: [Leaves]);
        Train(Short(Schedule), branch, new RunTrunk(trunk, Leaves));

        var (expected, actual) = (RunResult.Read(alone)!, RunResult.Read(branch)!);
        Assert.Equal((expected.RunId, expected.Steps, expected.Tokens, expected.Flops),
            (actual.RunId, actual.Steps, actual.Tokens, actual.Flops));
        var saved = Checkpoint.Verify(Assert.Single(CheckpointsOf(trunk)));
        Assert.True(actual.TrainingSeconds > saved.TrainingSeconds);
    }

    [Fact]
    public void Trunk_and_branch_killed_at_several_points_end_with_the_same_bits()
    {
        var (alone, trunk, branch) = (corpus.NewRunFolder(), corpus.NewRunFolder(), corpus.NewRunFolder());
        // Muon on the matrices, AdamW on the rest: both states must come back.
        var (longer, shorter) = (ConfigFile(5120), ConfigFile(2560));
        using (var child = new ChildProcess(shorter, alone)) Assert.Equal((ExitCodes.Done, ""), child.Wait());
        // Before the point where the branch leaves, and after it.
        foreach (var step in new[] { 9, 18 }) Kill(step, longer, trunk, "trunk", $"{Leaves}");
        // Right after it has left, and after a checkpoint of its own (step 19).
        foreach (var step in new[] { 17, 20 }) Kill(step, shorter, branch, "branch", trunk, $"{Leaves}");
        using (var child = new ChildProcess(longer, trunk, "trunk", $"{Leaves}"))
            Assert.Equal((ExitCodes.Done, ""), child.Wait());
        using (var child = new ChildProcess(shorter, branch, "branch", trunk, $"{Leaves}"))
            Assert.Equal((ExitCodes.Done, ""), child.Wait());

        Assert.Equal([Leaves, Leaves, 19], RunResult.Read(branch)!.AttemptStarts);
        AssertSame(alone, branch);
        var undisturbed = corpus.NewRunFolder();
        using (var child = new ChildProcess(longer, undisturbed)) Assert.Equal((ExitCodes.Done, ""), child.Wait());
        AssertSame(undisturbed, trunk);
    }

    [Fact]
    public void Checkpoints_of_branches_outlive_the_others_and_the_trunk_s_end_until_they_are_dropped()
    {
        var trunk = corpus.NewRunFolder();
        Train(Long(), trunk, branchSteps: [5, Leaves]);
        Assert.Equal(["step-00000005", "step-00000016"],
            CheckpointsOf(trunk).Select(path => Path.GetFileName(path)!));
        Assert.Equal([true, true, false], new[] { 5, Leaves, 7 }.Select(step => new RunTrunk(trunk, step).IsReached));

        RunSession.DropCheckpoints(trunk);
        Assert.Empty(CheckpointsOf(trunk));
        Assert.Equal(RunOutcome.Done, RunSession.Execute(Long(), trunk));
    }

    [Fact]
    public void Where_the_trunk_s_checkpoint_is_damaged_or_gone_an_earlier_one_serves_or_the_first_step()
    {
        var (alone, trunk) = (corpus.NewRunFolder(), corpus.NewRunFolder());
        Train(Short(Schedule), alone);
        Train(Long(), trunk, branchSteps: [5, Leaves]);
        File.WriteAllText(Path.Combine(CheckpointsOf(trunk)[^1], Checkpoint.StateFile), "{");
        foreach (var start in new[] { 5, 0 })
        {
            var branch = corpus.NewRunFolder();
            Train(Short(Schedule), branch, new RunTrunk(trunk, Leaves));
            Assert.Equal([start], RunResult.Read(branch)!.AttemptStarts);
            AssertSame(alone, branch);
            RunSession.DropCheckpoints(trunk);
        }
    }

    [Theory]
    [InlineData("seed=1")]
    [InlineData("optimizer.learning_rate=2e-3")]
    [InlineData("schedule.warmup_steps=4")]
    [InlineData("schedule.decay_fraction=0.5")]
    [InlineData("batch.sequence_length=16")]
    public void A_run_that_parts_earlier_is_refused_as_a_trunk(string other)
    {
        var (trunk, branch) = (corpus.NewRunFolder(), corpus.NewRunFolder());
        StopTrunkAfter(Leaves, trunk, Schedule);
        var message = Assert.Throws<UserException>(
            () => RunSession.Execute(Short(Schedule, other), branch, new RunOptions { Trunk = new(trunk, Leaves) }))
            .Message;
        Assert.StartsWith(trunk, message, StringComparison.Ordinal);
        Assert.Contains("first 16 steps are not those of run", message, StringComparison.Ordinal);
    }

    private RunConfig Long() => TestRuns.Config(corpus, Schedule);

    private RunConfig Short(params string[] settings) => TestRuns.Config(corpus, ["budget.tokens=2560", .. settings]);

    private static void Train(RunConfig config, string folder, RunTrunk? trunk = null, int[]? branchSteps = null)
        => Assert.Equal(RunOutcome.Done,
            RunSession.Execute(config, folder, new RunOptions { Trunk = trunk, BranchSteps = branchSteps ?? [] }));

    private void StopTrunkAfter(int step, string folder, params string[] settings)
    {
        using var stop = new CancellationTokenSource();
        var progress = new Callback<TrainProgress>(at =>
        {
            if (at.Step == step) stop.Cancel();
        });
        RunSession.Execute(TestRuns.Config(corpus, settings), folder,
            new RunOptions { BranchSteps = [Leaves], Progress = progress, Stop = stop.Token });
    }

    private static void Kill(int step, string config, string folder, string mode, params string[] more)
    {
        using var child = new ChildProcess(config, folder, mode, more);
        child.WaitForStep(step);
        child.Kill();
        Assert.Null(RunResult.Read(folder));
    }

    private string ConfigFile(int tokens)
    {
        var path = Path.Combine(corpus.Folder, $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, TestRuns.Yaml(corpus, "{name: muon, learning_rate: 0.02}",
                "schedule: {kind: wsd, warmup_steps: 3, decay_fraction: 0.2}")
            .Replace("tokens: 5120", $"tokens: {tokens}", StringComparison.Ordinal)
            .Replace("interval_steps: 7", "interval_steps: 19", StringComparison.Ordinal));
        return path;
    }

    private static List<string> CheckpointsOf(string runFolder)
        => [.. new RunFolder(runFolder).Attempts().Select(attempt => attempt.CheckpointsFolder)
            .Where(Directory.Exists).SelectMany(Directory.GetDirectories).Order()];

    private static void AssertSame(string expected, string actual)
    {
        Assert.Equal(TestRuns.WeightsHash(expected), TestRuns.WeightsHash(actual));
        var (one, other) = (RunResult.Read(expected)!, RunResult.Read(actual)!);
        Assert.Equal((one.RunId, one.FinalLoss, one.BitsPerByte, one.SmoothedTrainingLoss),
            (other.RunId, other.FinalLoss, other.BitsPerByte, other.SmoothedTrainingLoss));
    }
}
