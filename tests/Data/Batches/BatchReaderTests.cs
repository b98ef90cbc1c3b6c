namespace PretrainBench.Data.Tests.Batches;

public class BatchReaderTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Targets_are_the_inputs_one_further_on_across_shards(int tokenBytes)
    {
        using var data = new SplitFixture(1001, tokenBytes);
        var reader = new BatchReader(data.Split, 32, dataSeed: 5);
        Assert.Equal(31, reader.SequencesPerEpoch);
        long[] inputs = new long[4 * 32], targets = new long[4 * 32];
        reader.Read(step: 2, batchSequences: 4, inputs, targets);
        for (var row = 0; row < 4; row++)
        {
            Assert.Equal(0, inputs[row * 32] % 32);
            for (var i = 0; i < 32; i++)
            {
                Assert.Equal(inputs[row * 32] + i, inputs[(row * 32) + i]);
                Assert.Equal(inputs[row * 32] + i + 1, targets[(row * 32) + i]);
            }
        }
    }

    [Fact]
    public void Every_batch_size_sees_the_same_sequences_in_the_same_order()
    {
        using var data = new SplitFixture(5000);
        long[] Read(int batch)
        {
            var reader = new BatchReader(data.Split, 16, dataSeed: 9);
            var all = new List<long>();
            long[] inputs = new long[batch * 16], targets = new long[batch * 16];
            for (var step = 0; step < 480 / batch; step++)
            {
                reader.Read(step, batch, inputs, targets);
                all.AddRange(inputs);
            }
            return [.. all];
        }
        Assert.Equal(Read(1), Read(8));
        Assert.Equal(Read(1), Read(60));
    }

    [Fact]
    public void A_part_of_a_batch_can_be_read_alone()
    {
        using var data = new SplitFixture(5000);
        var reader = new BatchReader(data.Split, 16, dataSeed: 9);
        long[] whole = new long[8 * 16], part = new long[2 * 16], targets = new long[8 * 16];
        reader.Read(step: 3, batchSequences: 8, whole, targets);
        reader.ReadSequences((3 * 8) + 6, 2, part, targets.AsSpan(0, 32));
        Assert.Equal(whole[(6 * 16)..], part);
    }

    [Fact]
    public void Too_few_tokens_for_one_sequence_is_an_error_that_says_so()
    {
        using var data = new SplitFixture(20);
        var error = Assert.Throws<UserException>(() => new BatchReader(data.Split, 32, 1));
        Assert.Contains("20 tokens", error.Message, StringComparison.Ordinal);
    }
}
