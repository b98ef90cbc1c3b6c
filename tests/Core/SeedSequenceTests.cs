namespace PretrainBench.Core.Tests;

public sealed class SeedSequenceTests
{
    [Fact]
    public void Purposes_indices_and_seeds_give_different_numbers_and_the_same_ones_give_the_same()
    {
        var seeds = from seed in new ulong[] { 0, 1, ulong.MaxValue }
                    from purpose in new[] { "order", "init" }
                    from index in new long[] { 0, 1 }
                    select SeedSequence.Derive(seed, purpose, index);
        Assert.Equal(12, seeds.Distinct().Count());
        Assert.Equal(SeedSequence.Generator(7, "order").Next(), SeedSequence.Generator(7, "order").Next());
    }

    // The first eight bytes, little-endian, of SHA-256 of "1/order/0".
    [Fact]
    public void The_numbers_do_not_change_between_versions()
        => Assert.Equal(15954459368668529676, SeedSequence.Derive(1, "order"));
}
