using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class RandomTests : TorchContract
{
    private const long Many = 40_000;

    [Fact]
    public void Draws_have_their_moments()
    {
        manual_seed(3);
        long[] shape = [Many];
        ReadOnlySpan<long> span = shape;
        foreach (var x in new[] { randn(shape), randn(span), randn(Many), randn(200, 200), randn(200L, 200L), randn(2, 2, 10_000), randn(2L, 2L, 10_000L), randn(2, 2, 2, 5_000), randn(2L, 2L, 2L, 5_000L), randn((int)Many), randn_like(zeros(Many)), zeros(Many).normal_(), normal(0, 1, span), normal(zeros(Many), ones(Many)) })
            Moments(x, 0, 1);
        foreach (var x in new[] { rand(shape), rand(span), rand(Many), rand(200, 200), rand(200L, 200L), rand(2, 2, 10_000), rand(2L, 2L, 10_000L), rand(2, 2, 2, 5_000), rand(2L, 2L, 2L, 5_000L), rand((int)Many), rand_like(zeros(Many)), zeros(Many).uniform_(0, 1) })
            Moments(x, 0.5, Math.Sqrt(1 / 12.0));
        Moments(zeros(Many).normal_(3, 0.5), 3, 0.5);
        Moments(bernoulli(ones(Many) * 0.25), 0.25, Math.Sqrt(0.25 * 0.75));
    }

    [Fact]
    public void Integers_stay_in_their_range()
    {
        foreach (var x in new[] { randint(3, new long[] { Many }), randint(0, 3, new long[] { Many }), randint(3, (Size)Many), randint(0, 3, (Size)new[] { Many }), randint(3, new Size([Many])) })
        {
            Assert.Equal(ScalarType.Int64, x.dtype);
            Assert.Equal((0L, 2L), (x.min().item<long>(), x.max().item<long>()));
        }

        Equal(randperm(5).sort().Values, 0, 1, 2, 3, 4);
        Assert.True(Values(multinomial(Reals(0, 1, 0, 3), 100, replacement: true)).All(v => v is 1 or 3));
    }

    [Fact]
    public void A_size_is_a_shape() => Assert.Equal([2L, 3], new Size([2, 3]).Shape);

    [Fact]
    public void The_same_seed_draws_the_same_numbers()
    {
        using var a = new Generator(5);
        using var b = new Generator().manual_seed(5);
        Assert.True(randn(8, generator: a).Equals(randn(8, generator: b)));
        Assert.Equal(5, a.initial_seed());
        Assert.Equal(DeviceType.CPU, a.device.type);
        Assert.NotEqual(0, a.Handle);
        var state = a.get_state();
        Assert.Equal(5056, state.numel());
        var first = rand(4, generator: a);
        a.set_state(state);
        Assert.True(first.Equals(rand(4, generator: a)));
        Assert.NotEqual(a.seed(), a.seed());

        manual_seed(11);
        var expected = randn(3);
        random.manual_seed(11);
        Assert.True(expected.Equals(randn(3)));
        var saved = get_rng_state();
        expected = randperm(20);
        set_rng_state(saved);
        Assert.True(expected.Equals(randperm(20)));
        random.set_rng_state(saved);
        Assert.True(expected.Equals(randperm(20)));
        Assert.True(random.get_rng_state().Equals(Generator.Default.get_state()));
    }

    private static void Moments(Tensor x, double mean, double deviation)
    {
        Assert.Equal(Many, x.numel());
        // Six standard errors.
        Assert.InRange(x.mean().ToDouble(), mean - (6 * deviation / 200), mean + (6 * deviation / 200));
        Assert.InRange(x.std().ToDouble(), deviation * 0.95, deviation * 1.05);
    }
}
