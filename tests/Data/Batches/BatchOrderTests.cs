namespace PretrainBench.Data.Tests.Batches;

public class BatchOrderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(65)]
    [InlineData(1000)]
    [InlineData(12289)]
    public void Every_epoch_shows_every_sequence_once(int count)
    {
        var order = new BatchOrder(count, dataSeed: 7);
        for (var epoch = 0; epoch < 3; epoch++)
        {
            var shown = Enumerable.Range(0, count).Select(i => order.SequenceAt(((long)epoch * count) + i));
            Assert.Equal(Enumerable.Range(0, count).Select(i => (long)i), shown.Order());
        }
    }

    [Fact]
    public void Seeking_gives_what_reading_on_gives()
    {
        var sequential = new BatchOrder(777, dataSeed: 3);
        var all = Enumerable.Range(0, 3000).Select(i => sequential.SequenceAt(i)).ToArray();
        var random = new Random(1);
        for (var i = 0; i < 500; i++)
        {
            var position = random.Next(all.Length);
            Assert.Equal(all[position], new BatchOrder(777, dataSeed: 3).SequenceAt(position));
            Assert.Equal(all[position], sequential.SequenceAt(position));
        }
    }

    [Fact]
    public void Epochs_and_seeds_have_orders_of_their_own()
    {
        long[] Take(ulong seed, long from)
            => [.. Enumerable.Range(0, 200).Select(i => new BatchOrder(200, seed).SequenceAt(from + i))];
        Assert.NotEqual(Take(1, 0), Take(1, 200));
        Assert.NotEqual(Take(1, 0), Take(2, 0));
        Assert.Equal(Take(1, 0), Take(1, 0));
    }

    [Fact]
    public void A_position_far_away_is_found_as_well()
        => Assert.InRange(new BatchOrder(long.MaxValue / 4, 5).SequenceAt(long.MaxValue - 1), 0, long.MaxValue / 4);

    // Where an element lands is uniform: the chi-squared statistic over 16 places has mean 15 and standard deviation
    // 5.5.
    [Fact]
    public void Over_seeds_every_place_is_equally_likely()
    {
        const int count = 16;
        const int seeds = 8000;
        for (var place = 0; place < count; place += 5)
        {
            var hits = new int[count];
            for (ulong seed = 0; seed < seeds; seed++)
                hits[new SeededPermutation(count, SeedSequence.Derive(seed, "test")).At(place)]++;
            var chiSquared = hits.Sum(hit => Math.Pow(hit - (seeds / (double)count), 2) / (seeds / (double)count));
            Assert.InRange(chiSquared, 1, 45);
        }
    }

    [Fact]
    public void Neighbours_are_not_shown_together()
    {
        var order = new BatchOrder(10000, 11);
        var steps = Enumerable.Range(0, 9999).Count(i => Math.Abs(order.SequenceAt(i + 1) - order.SequenceAt(i)) == 1);
        Assert.InRange(steps, 0, 12);
    }
}
