namespace PretrainBench.Data.Tests.Batches;

public class ValidationSetTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(34)]
    [InlineData(65)]
    [InlineData(500)]
    public void Every_token_but_the_first_is_predicted_exactly_once(int tokenCount)
    {
        using var data = new SplitFixture(tokenCount);
        var set = new ValidationSet(data.Split, 32);
        var predicted = new List<long>();
        long count = 0;
        long[] inputs = new long[32], targets = new long[32];
        for (var window = 0L; window < set.WindowCount; window++)
        {
            count += set.Read(window, 1, inputs, targets);
            for (var i = 0; i < 32; i++)
            {
                if (targets[i] == ValidationSet.IgnoredTarget) continue;
                Assert.Equal(inputs[i] + 1, targets[i]);
                predicted.Add(targets[i]);
            }
        }
        Assert.Equal(Enumerable.Range(1, tokenCount - 1).Select(i => (long)i), predicted);
        Assert.Equal(set.PredictedTokens, count);
        Assert.Equal(tokenCount - 1, set.PredictedTokens);
    }

    [Fact]
    public void Several_windows_at_once_are_the_same_windows()
    {
        using var data = new SplitFixture(500);
        var set = new ValidationSet(data.Split, 32);
        long[] inputs = new long[3 * 32], targets = new long[3 * 32], one = new long[32], oneTargets = new long[32];
        set.Read(13, 3, inputs, targets);
        for (var row = 0; row < 3; row++)
        {
            set.Read(13 + row, 1, one, oneTargets);
            Assert.Equal(one, inputs[(row * 32)..((row + 1) * 32)]);
            Assert.Equal(oneTargets, targets[(row * 32)..((row + 1) * 32)]);
        }
    }

    // 499 predicted tokens at ln 2 nats each are 499 bits, over 998 bytes.
    [Fact]
    public void Bits_per_byte_are_all_bits_by_all_bytes()
    {
        using var data = new SplitFixture(500, textBytes: 998);
        Assert.Equal(0.5, new ValidationSet(data.Split, 32).BitsPerByte(Math.Log(2)), 12);
    }
}
