using PretrainBench.Data;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Loop;

namespace PretrainBench.Training.Tests.Loop;

[Collection(nameof(TestCorpus))]
public class TokenBatchTests(TestCorpus corpus)
{
    private static readonly BatchConfig Batch = new() { SequencesPerStep = 6, SequenceLength = 16 };

    [Theory]
    [InlineData(false, 6)]
    [InlineData(true, 6)]
    [InlineData(true, 2)]
    public void Every_step_has_the_readers_tokens_whether_they_are_read_ahead_or_not(bool ahead, int microBatch)
    {
        using var data = TokenDataset.Open(corpus.DataFolder, verify: false);
        var plain = new BatchReader(data.Train, Batch.SequenceLength, dataSeed: 3);
        using var batch =
            new TokenBatch(new(data.Train, Batch.SequenceLength, dataSeed: 3), Batch, microBatch, CPU, ahead);
        var (inputs, targets) = (new long[Batch.TokensPerStep], new long[Batch.TokensPerStep]);
        // Forwards as training goes, and back as a run taken up elsewhere would.
        foreach (var step in new[] { 0, 1, 2, 3, 4, 2, 3, 9 })
        {
            using var scope = NewDisposeScope();
            batch.Load(step);
            plain.Read(step, Batch.SequencesPerStep, inputs, targets);
            Assert.Equal(inputs, Parts(batch, batch.Inputs));
            Assert.Equal(targets, Parts(batch, batch.Targets));
        }
    }

    private static IEnumerable<long> Parts(TokenBatch batch, Func<int, Tensor> part)
        => Enumerable.Range(0, batch.Parts).SelectMany(i => part(i).contiguous().data<long>().ToArray());
}
