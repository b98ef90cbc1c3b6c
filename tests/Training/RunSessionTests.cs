using System.Text.Json;
using PretrainBench.Core.Configuration;
using PretrainBench.Training.Loop;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Tests;

[Collection(nameof(TestCorpus))]
public class RunSessionTests(TestCorpus corpus)
{
    [Fact]
    public void A_run_learns_and_leaves_a_whole_result()
    {
        var folder = corpus.NewRunFolder();
        var reports = new List<TrainProgress>();
        var config = TestRuns.Config(corpus, "budget.tokens=15360");
        var outcome =
            RunSession.Execute(config, folder, new RunOptions { Progress = new Callback<TrainProgress>(reports.Add) });

        Assert.Equal(RunOutcome.Done, outcome);
        var result = RunResult.Read(folder)!;
        Assert.Equal(RunStatus.Done, result.Status);
        // Guessing costs ln(300) = 5.7 nats; the grammar itself about 1.
        Assert.InRange(result.FinalLoss!.Value, 0.3, 3);
        Assert.Equal(result.FinalLoss.Value * result.ValidationTokens / result.ValidationBytes / Math.Log(2),
            result.BitsPerByte!.Value, 1e-9);
        Assert.Equal((120, 15360L), (result.Steps, result.Tokens));
        Assert.Equal(RunSession.Resolve(config).Id, result.RunId);
        Assert.Equal([0], result.AttemptStarts);
        Assert.True(result.TrainingSeconds > 0 && result.OptimizerSeconds > 0
            && result.OptimizerSeconds < result.TrainingSeconds);
        Assert.Equal(120, reports.Count);
        Assert.Equal((120, 120, TimeSpan.Zero), (reports[^1].Step, reports[^1].TotalSteps, reports[^1].TimeLeft));

        var lines = RunMetrics.Read(folder);
        Assert.Equal(30, lines.Count(line => line.TrainingLoss is not null));
        Assert.Equal([30, 60, 90, 120], lines.Where(line => line.ValidationLoss is not null).Select(line => line.Step));
        Assert.Equal(result.FinalLoss, lines.Single(line => line.Final == true).ValidationLoss);
        Assert.Contains("final validation", File.ReadAllText(Path.Combine(folder, "attempts", "1", "log.txt")));
        Assert.Empty(Directory.GetDirectories(Path.Combine(folder, "attempts", "1"), "checkpoints"));
    }

    [Fact]
    public void A_finished_run_is_not_trained_again()
    {
        var folder = corpus.NewRunFolder();
        var config = TestRuns.Config(corpus);
        RunSession.Execute(config, folder);
        var before = File.ReadAllText(Path.Combine(folder, RunResult.FileName));
        Assert.Equal(RunOutcome.Done, RunSession.Execute(config, folder));
        Assert.Equal(before, File.ReadAllText(Path.Combine(folder, RunResult.FileName)));
        Assert.Single(new RunFolder(folder).Attempts());
    }

    [Fact]
    public void Equal_runs_are_equal_to_the_last_bit_and_accumulation_changes_rounding_only()
    {
        string[] folders = [corpus.NewRunFolder(), corpus.NewRunFolder(), corpus.NewRunFolder()];
        RunSession.Execute(TestRuns.Config(corpus), folders[0]);
        RunSession.Execute(TestRuns.Config(corpus, "evaluation.points=0", "checkpoint.interval_steps=0"), folders[1]);
        RunSession.Execute(TestRuns.Config(corpus, "execution.micro_batch_sequences=1"), folders[2]);
        Assert.Equal(TestRuns.WeightsHash(folders[0]), TestRuns.WeightsHash(folders[1]));
        Assert.NotEqual(TestRuns.WeightsHash(folders[0]), TestRuns.WeightsHash(folders[2]));
        var losses = folders.Select(folder => RunResult.Read(folder)!.FinalLoss!.Value).ToArray();
        Assert.Equal(losses[0], losses[1]);
        Assert.Equal(losses[0], losses[2], 1e-3);
    }

    [Fact]
    public void A_diverging_run_is_a_result_with_its_step()
    {
        var folder = corpus.NewRunFolder();
        var config = TestRuns.Config(corpus, "optimizer={name: adamw, learning_rate: 1e5}", "gradient_clip=0",
            "schedule={warmup_steps: 2}");
        Assert.Equal(RunOutcome.Diverged, RunSession.Execute(config, folder));
        var result = RunResult.Read(folder)!;
        Assert.Equal(RunStatus.Diverged, result.Status);
        Assert.Null(result.FinalLoss);
        Assert.InRange(result.DivergedAtStep!.Value, 2, 40);
        Assert.NotEmpty(result.DivergenceReason!);
        Assert.Equal(RunOutcome.Diverged, RunSession.Execute(config, folder));
    }

    [Fact]
    public void The_result_holds_the_configuration_as_resolved()
    {
        var folder = corpus.NewRunFolder();
        RunSession.Execute(TestRuns.Config(corpus), folder);
        var config = JsonDocument.Parse(
            File.ReadAllText(Path.Combine(folder, RunResult.FileName))).RootElement.GetProperty("config");
        Assert.Equal(96, config.GetProperty("model").GetProperty("feed_forward_width").GetInt32());
        Assert.Equal(300, config.GetProperty("model").GetProperty("vocabulary_size").GetInt32());
        Assert.Equal(5120, config.GetProperty("budget").GetProperty("tokens").GetInt64());
        Assert.Equal(ConfigWriter.ToCanonicalJson(RunResult.Read(folder)!.Config),
            config.GetRawText().ReplaceLineEndings("").Replace(" ", ""));
        var again = Configuration.RunConfig.Read(new RunFolder(folder).ConfigPath);
        Assert.Equal(RunResult.Read(folder)!.RunId, RunSession.Resolve(again).Id);
    }
}
