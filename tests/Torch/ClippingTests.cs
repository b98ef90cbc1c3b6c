using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Torch.Tests;

public class ClippingTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(1)]
    [InlineData(2)]
    public void Gradients_above_the_bound_come_down_to_it_together_and_the_norm_before_is_returned(double timesBound)
    {
        using var scope = NewDisposeScope();
        for (var seed = 1; seed <= 20; seed++)
        {
            var gradients = Gradients(seed);
            var before = gradients.Select(gradient => gradient.clone()).ToList();
            var norm = Norm(before);
            var bound = norm / timesBound;

            Assert.Equal(norm, Operators.ClipTogether(gradients, bound).ToDouble(), 1e-5 * norm);

            var factor = timesBound <= 1 ? 1 : 1 / timesBound;
            foreach (var (gradient, original) in gradients.Zip(before))
                Assert.True(allclose(gradient, original * factor, rtol: 1e-4));
            Assert.True(Norm(gradients) <= bound * (1 + 1e-5));
        }
    }

    [Fact]
    public void Gradients_below_the_bound_keep_every_bit()
    {
        using var scope = NewDisposeScope();
        var gradients = Gradients(1);
        var before = gradients.Select(gradient => gradient.clone()).ToList();
        Operators.ClipTogether(gradients, 10 * Norm(gradients));
        Assert.Equal(before.SelectMany(Values), gradients.SelectMany(Values));
    }

    [Fact]
    public void A_bound_of_zero_leaves_gradients_alone_and_still_tells_their_norm()
    {
        using var scope = NewDisposeScope();
        var gradients = Gradients(2);
        var before = gradients.Select(gradient => gradient.clone()).ToList();
        Assert.Equal(Norm(before), Operators.ClipTogether(gradients, 0).ToDouble(), 1e-4);
        Assert.Equal(before.SelectMany(Values), gradients.SelectMany(Values));
    }

    [Fact]
    public void Gradients_of_zero_stay_zero()
    {
        using var scope = NewDisposeScope();
        Tensor[] gradients = [zeros(3, 4), zeros(5)];
        Assert.Equal(0, Operators.ClipTogether(gradients, 1).ToDouble());
        Assert.All(gradients, gradient => Assert.Equal(0, gradient.abs().sum().ToDouble()));
    }

    [Fact]
    public void A_gradient_that_is_no_number_has_a_norm_that_is_none()
    {
        using var scope = NewDisposeScope();
        Tensor[] gradients = [ones(2, 2), full([3], double.NaN)];
        Assert.Equal(double.NaN, Operators.ClipTogether(gradients, 1).ToDouble());
    }

    /// <summary>Tensors of different shapes and scales.</summary>
    private static Tensor[] Gradients(int seed)
    {
        using var generator = new Generator((ulong)seed);
        return [randn(7, 5, generator: generator), 100 * randn(3, generator: generator),
            1e-3 * randn(4, 4, 2, generator: generator)];
    }

    private static float[] Values(Tensor tensor) => tensor.data<float>().ToArray();

    private static double Norm(IEnumerable<Tensor> tensors)
        => Math.Sqrt(tensors.Sum(tensor => tensor.to(ScalarType.Float64).pow(2).sum().ToDouble()));
}
