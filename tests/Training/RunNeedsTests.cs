namespace PretrainBench.Training.Tests;

[Collection(nameof(TestCorpus))]
public class RunNeedsTests(TestCorpus corpus)
{
    [Fact]
    public void A_run_says_what_it_takes_and_what_is_probably_not_meant()
    {
        var small = RunNeeds.Of(TestRuns.Config(corpus));
        var large = RunNeeds.Of(TestRuns.Config(corpus, "model.width=64", "budget.tokens=500K"));
        Assert.True(large.MemoryBytes > 2 * small.MemoryBytes && large.CheckpointBytes > 2 * small.CheckpointBytes);
        // Weights, gradients and two moments of what is written at the end.
        Assert.True(small.MemoryBytes > 4 * small.FinalBytes);
        Assert.Single(small.Warnings(), warning => warning.Contains("documents are held out"));
        Assert.Contains(large.Warnings(), warning => warning.Contains("passes over the training data"));
        Assert.Equal(0, RunNeeds.Of(TestRuns.Config(corpus, "checkpoint.keep_final_weights=false")).FinalBytes);
    }

    [Fact]
    public void Parts_of_a_batch_keep_less_at_a_time()
        => Assert.True(RunNeeds.Of(TestRuns.Config(corpus, "execution.micro_batch_sequences=1")).MemoryBytes
            < RunNeeds.Of(TestRuns.Config(corpus)).MemoryBytes);

    [Fact]
    public void What_does_not_fit_is_refused_with_all_that_it_lacks()
    {
        var place = Path.Combine(corpus.Folder, "not", "there", "yet");
        MachineSpace.Require(1, 1, place);
        var message = Assert.Throws<UserException>(() => MachineSpace.Require(1e18, 1e18, place)).Message;
        Assert.Contains("of memory are needed", message);
        Assert.Contains("of disk are needed", message);
        Assert.Contains("--force", message);
    }
}
