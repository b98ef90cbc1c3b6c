using PretrainBench.Models;
using PretrainBench.Training.Benchmark;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Training.Tests.Benchmark;

public class TrainingBenchmarkTests
{
    [Theory]
    [InlineData(ModelFamily.Olmo2)]
    [InlineData(ModelFamily.Llama)]
    public void Ours_and_the_plain_model_take_the_same_steps(ModelFamily family)
    {
        var result = TrainingBenchmark.Run(Small(family), TimedModels.Both);
        Assert.Equal(result.Ours!.FirstLoss, result.Plain!.FirstLoss, 1e-5);
        Assert.Equal(result.Ours.LastLoss, result.Plain.LastLoss, 1e-3);
        Assert.True(result.Ours.LastLoss < result.Ours.FirstLoss - 0.5,
            $"{result.Ours.FirstLoss} to {result.Ours.LastLoss}: nothing was learnt");
        Assert.Equal(result.Ours.TokensPerSecond / result.Plain.TokensPerSecond, result.Ratio);
    }

    [Fact]
    public void A_size_alone_is_enough_and_a_vocabulary_that_is_given_wins()
    {
        Assert.Equal(8192, new TrainingBenchmarkConfig { Model = new() { Size = "0.1M" } }.Shape().VocabularySize);
        Assert.Equal(64, Small(ModelFamily.Olmo2).Shape().VocabularySize);
    }

    [Fact]
    public void A_model_that_was_not_timed_is_absent()
    {
        Assert.Null(TrainingBenchmark.Run(Small(ModelFamily.Olmo2)).Plain);
        var plain = TrainingBenchmark.Run(Small(ModelFamily.Olmo2), TimedModels.Plain);
        Assert.Null(plain.Ours);
        Assert.Null(plain.Ratio);
        Assert.Null(plain.CeilingShare);
        Assert.True(plain.PeakBytes > 10_000_000);
    }

    private static TrainingBenchmarkConfig Small(ModelFamily family) => new()
    {
        Model = new ModelConfig { Family = family, Layers = 2, Width = 32, Heads = 2, VocabularySize = 64 },
        Batch = new BatchConfig { SequencesPerStep = 4, SequenceLength = 32 },
        Steps = 20,
    };
}
