using PretrainBench.Training.Configuration;
using PretrainBench.Training.Results;

namespace PretrainBench.Training.Tests;

[Collection(nameof(TestCorpus))]
public class BadInputTests(TestCorpus corpus)
{
    private string Message(params string[] overrides)
        => Assert.Throws<UserException>(
            () => RunSession.Execute(TestRuns.Config(corpus, overrides), corpus.NewRunFolder())).Message;

    [Fact]
    public void Everything_wrong_with_a_configuration_is_said_at_once_with_its_line()
    {
        var path = Path.Combine(corpus.Folder, $"{Guid.NewGuid():N}.yaml");
        File.WriteAllText(path, """
            model: {size: 1N}
            data: {foldr: x}
            optimizer: {name: adamv}
            batch: {sequence_length: 1}
            budget: {tokens: 5, tokens_per_parameter: 3}
            execution: {device: gpu, threads: -1}
            precision: fp8
            """);
        var message = Assert.Throws<UserException>(() => RunConfig.Read(path)).Message;
        foreach (var part in new[] { ":1: model.size", ":2: data.foldr: unknown key; did you mean `folder`?",
                "data.folder: is required", ":3: optimizer.name",
            ":4: batch.sequence_length: must be between 2", ":5: budget.tokens: give either",
            ":6: execution.device: `gpu`", ":6: execution.threads", ":7: precision" })
            Assert.Contains(part, message);
    }

    [Fact]
    public void A_missing_data_set_is_named_and_nothing_is_left_behind()
    {
        var folder = corpus.NewRunFolder();
        var error = Assert.Throws<UserException>(
            () => RunSession.Execute(TestRuns.Config(corpus, "data.folder=nowhere"), folder));
        Assert.Contains("nowhere", error.Message);
        Assert.False(Directory.Exists(folder));
    }

    [Fact]
    public void A_folder_of_another_run_is_refused_and_left_as_it_was()
    {
        var folder = corpus.NewRunFolder();
        RunSession.Execute(TestRuns.Config(corpus), folder);
        var before = TestRuns.Snapshot(folder);
        var error = Assert.Throws<UserException>(() => RunSession.Execute(TestRuns.Config(corpus, "seed=9"), folder));
        Assert.Contains("choose another folder", error.Message);
        Assert.Equal(before, TestRuns.Snapshot(folder));
    }

    [Fact]
    public void A_folder_of_the_same_run_as_an_earlier_version_counted_it_is_refused_by_name()
    {
        var folder = corpus.NewRunFolder();
        RunSession.Execute(TestRuns.Config(corpus), folder);
        File.WriteAllText(Path.Combine(folder, "run_id"), "0123456789ab\n");
        var error = Assert.Throws<UserException>(() => RunSession.Execute(TestRuns.Config(corpus), folder));
        Assert.Contains("an earlier version of pretrainbench began it", error.Message);
        Assert.Contains("holds run 0123456789ab", error.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("0123")]
    public void A_damaged_identity_is_written_again_where_the_configuration_is_the_same(string damage)
    {
        var folder = corpus.NewRunFolder();
        RunSession.Execute(TestRuns.Config(corpus), folder);
        var identity = Path.Combine(folder, "run_id");
        var whole = File.ReadAllText(identity);
        File.Delete(Path.Combine(folder, "result.json"));
        File.WriteAllText(identity, damage);
        var other = Assert.Throws<UserException>(() => RunSession.Execute(TestRuns.Config(corpus, "seed=9"), folder));
        Assert.Contains("choose another folder", other.Message);
        Assert.Equal(RunOutcome.Done, RunSession.Execute(TestRuns.Config(corpus), folder));
        Assert.Equal(whole, File.ReadAllText(identity));
    }

    [Fact]
    public void A_run_that_another_process_trains_is_refused()
    {
        var folder = corpus.NewRunFolder();
        using var held = new RunFolder(folder).Lock(takesOver: false);
        var error = Assert.Throws<UserException>(() => RunSession.Execute(TestRuns.Config(corpus), folder));
        Assert.Contains("another process", error.Message);
    }

    [Fact]
    public void Micro_batches_must_divide_the_batch()
        => Assert.Contains("must divide sequences_per_step (4)", Message("execution.micro_batch_sequences=3"));

    [Fact]
    public void A_vocabulary_below_the_tokenizers_is_refused()
        => Assert.Contains("smaller than the tokenizer's", Message("model.vocabulary_size=100"));

    [Fact]
    public void Sequences_longer_than_the_data_are_refused()
        => Assert.Contains("too few for one sequence", Message("batch.sequence_length=120000"));

    [Fact]
    public void A_process_that_lost_its_claim_stops_without_a_result()
    {
        var folder = corpus.NewRunFolder();
        var error = Assert.Throws<UserException>(
            () => RunSession.Execute(TestRuns.Config(corpus), folder, new RunOptions { StillOwner = () => false }));
        Assert.Contains("taken it over", error.Message);
        Assert.Null(RunResult.Read(folder));
    }

    [Fact]
    public void A_damaged_result_is_named()
    {
        var folder = corpus.NewRunFolder();
        RunSession.Execute(TestRuns.Config(corpus), folder);
        File.WriteAllText(Path.Combine(folder, RunResult.FileName), "{\"format\":");
        Assert.Contains("delete it and train again",
            Assert.Throws<UserException>(() => RunResult.Read(folder)).Message);
    }
}
