using static TorchSharp.torch;

namespace PretrainBench.Torch.Tests;

/// <summary>Every operator, called once at least: a source that TorchScript does not take would end the program that
/// uses it.</summary>
public class OperatorTests
{
    [Theory]
    [InlineData(1e-6)]
    [InlineData(0.5)]
    public void Rms_norm_and_its_gradients_are_those_of_the_formula(double epsilon)
    {
        using var scope = NewDisposeScope();
        var (x_ND, gain_D) = (Numbers(5, 7).requires_grad_(), Numbers(7).requires_grad_());
        var direction_ND = Numbers(5, 7);
        var formula_ND = gain_D * x_ND / (x_ND.square().mean([-1], keepdim: true) + epsilon).sqrt();
        var expected = autograd.grad([formula_ND], [x_ND, gain_D], [direction_ND]);

        var y_ND = Operators.RmsNorm(x_ND, gain_D, epsilon);
        var actual = autograd.grad([y_ND], [x_ND, gain_D], [direction_ND]);

        Assert.True(y_ND.allclose(formula_ND, 1e-12, 1e-12));
        Assert.All(expected.Zip(actual), pair => Assert.True(pair.First.allclose(pair.Second, 1e-10, 1e-12)));
    }

    [Fact]
    public void What_an_operator_gives_belongs_to_the_scope_of_its_caller()
    {
        using var x = Numbers(2, 3);
        using var gain = Numbers(3);
        Tensor y;
        using (NewDisposeScope()) y = Operators.RmsNorm(x, gain, 1e-6);
        Assert.True(y.IsInvalid);
    }

    [Fact]
    public void Tensors_are_the_same_where_they_stand_in_one_place()
    {
        using var scope = NewDisposeScope();
        var x = Numbers(4, 3);
        Assert.True(Operators.IsSame(x, x.alias()));
        Assert.False(Operators.IsSame(x, x.clone()));
        Assert.False(Operators.IsSame(x.narrow(0, 0, 2), x.narrow(0, 2, 2)));
        Assert.False(Operators.IsSame(x, x.view(3, 4)));
    }

    private static Tensor Numbers(params long[] shape)
    {
        using var generator = new Generator(3, CPU);
        return empty(shape, dtype: ScalarType.Float64).normal_(0, 1, generator);
    }
}
