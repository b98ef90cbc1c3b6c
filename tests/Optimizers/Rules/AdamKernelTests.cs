using PretrainBench.Optimizers.Rules;
using PretrainBench.Torch;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Rules;

/// <summary>The one-pass step of 32-bit numbers is that of torch's operations in 64 bits, but for rounding.</summary>
public class AdamKernelTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(1_003)]
    public void One_pass_gives_the_formula(int count)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3, CPU);
        var factors = new AdamFactors(0.9, 0.95, 1e-8, -0.02, 0.999);
        Tensor[] state = [randn([count], generator: generator), zeros(count), zeros(count)];
        var exact = state.Select(tensor => tensor.to_type(ScalarType.Float64)).ToArray();
        for (var t = 0; t < 5; t++)
        {
            var gradient = randn([count], generator: generator);
            Assert.True(CpuNumbers.Serve(state[0], gradient, state[1], state[2]));
            AdamKernel.Apply(state[0], gradient, state[1], state[2], factors);
            var wide = gradient.to_type(ScalarType.Float64);
            exact[1].mul_(0.9).add_(wide, 0.1);
            exact[2].mul_(0.95).addcmul_(wide, wide, 0.05);
            exact[0].mul_(0.999).addcdiv_(exact[1], exact[2].sqrt().add_(1e-8), -0.02);
        }
        foreach (var (own, expected) in state.Zip(exact))
            Assert.True(own.to_type(ScalarType.Float64).allclose(expected, rtol: 1e-5, atol: 1e-6),
                $"off by {own.sub(expected).abs().max().item<double>():E1}");
    }

    [Fact]
    public void Zero_gradients_move_nothing_and_stay_finite()
    {
        using var scope = NewDisposeScope();
        var (weight, first, second) = (ones(37), zeros(37), zeros(37));
        AdamKernel.Apply(weight, zeros(37), first, second, new AdamFactors(0.9, 0.95, 1e-8, -0.1, 1));
        Assert.True(weight.Equals(ones(37)));
    }

    [Fact]
    public void Views_that_are_not_contiguous_and_wide_numbers_are_left_to_torch()
    {
        using var scope = NewDisposeScope();
        Assert.False(CpuNumbers.Serve(ones(4, 3).t()));
        Assert.False(CpuNumbers.Serve(ones(4, dtype: ScalarType.Float64)));
    }
}
