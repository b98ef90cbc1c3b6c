using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class ArithmeticTests : TorchContract
{
    private static Tensor A => Reals(1, 2, 3);

    private static Tensor B => Reals(4, 5, 8);

    [Fact]
    public void Sums_and_differences()
    {
        Equal(A.add(B), 5, 7, 11);
        Equal(A.add(B, alpha: 2), 9, 12, 19);
        Equal(A.add(1.5), 2.5, 3.5, 4.5);
        Equal(A.add(1, 3), 4, 5, 6);
        Equal(torch.add(A, B), 5, 7, 11);
        Equal(torch.add(A, 1), 2, 3, 4);
        Equal(torch.add(A, B, 2), 9, 12, 19);
        Equal(A.sub(B), -3, -3, -5);
        Equal(A.sub(1), 0, 1, 2);
        Equal(torch.sub(A, B), -3, -3, -5);
        Equal(torch.sub(A, 1), 0, 1, 2);
    }

    [Fact]
    public void Products_and_quotients()
    {
        Equal(A.mul(B), 4, 10, 24);
        Equal(A.mul(2), 2, 4, 6);
        Equal(torch.mul(A, B), 4, 10, 24);
        Equal(torch.mul(A, 2), 2, 4, 6);
        Equal(B.div(A), 4, 2.5, 8 / 3.0);
        Equal(B.div(A, RoundingMode.floor), 4, 2, 2);
        Equal(B.div(2), 2, 2.5, 4);
        Equal(B.neg().div(3, RoundingMode.trunc), -1, -1, -2);
        Equal(torch.div(B, A), 4, 2.5, 8 / 3.0);
        Equal(torch.div(B, 2), 2, 2.5, 4);
        Equal(B.remainder(A), 0, 1, 2);
        Equal(B.remainder(3), 1, 2, 2);
        Equal(A.pow(2), 1, 4, 9);
        Equal(A.pow(B), 1, 32, 6561);
        Equal(torch.pow(A, 2), 1, 4, 9);
        Equal(torch.pow(A, B), 1, 32, 6561);
    }

    [Fact]
    public void Fused_forms()
    {
        Equal(A.addcmul(A, B, 0.5), 3, 7, 15);
        Equal(torch.addcmul(A, A, B, 0.5), 3, 7, 15);
        Equal(A.addcdiv(B, A), 5, 4.5, 3 + (8 / 3.0));
        Equal(A.addcdiv(B, A, 2), 9, 7, 3 + (16 / 3.0));
        Equal(torch.addcdiv(A, B, A, 2), 9, 7, 3 + (16 / 3.0));
        Equal(A.lerp(B, tensor(0.5)), 2.5, 3.5, 5.5);
        Equal(torch.lerp(A, B, tensor(0.5)), 2.5, 3.5, 5.5);
    }

    [Fact]
    public void Bounds()
    {
        Equal(A.clamp(min: 1.5, max: 2.5), 1.5, 2, 2.5);
        Equal(A.clamp(min: Reals(2, 2, 2)), 2, 2, 3);
        Equal(torch.clamp(A, min: 1.5), 1.5, 2, 3);
        Equal(torch.clamp(A, max: Reals(2, 1, 9)), 1, 1, 3);
        Equal(A.clamp_min(2), 2, 2, 3);
        Equal(A.clamp_max(2), 1, 2, 2);
        Equal(torch.clamp_min(A, 2), 2, 2, 3);
        Equal(torch.clamp_max(A, 2), 1, 2, 2);
        Equal(A.maximum(Reals(2, 2, 2)), 2, 2, 3);
        Equal(A.minimum(Reals(2, 2, 2)), 1, 2, 2);
        Equal(maximum(A, Reals(2, 2, 2)), 2, 2, 3);
        Equal(minimum(A, Reals(2, 2, 2)), 1, 2, 2);
        Equal(Reals(double.NaN, double.PositiveInfinity, 1).nan_to_num(7, 8), 7, 8, 1);
        Equal(nan_to_num(Reals(double.NaN, double.NegativeInfinity), neginf: -3), 0, -3);
    }

    [Fact]
    public void In_place_forms_change_and_return_their_tensor()
    {
        var x = A;
        Assert.Same(x, x.add_(B).add_(B, alpha: 2).add_(1).add_(1, 2));
        Equal(x, 16, 20, 30);
        Assert.Same(x, x.sub_(B).sub_(2));
        Equal(x, 10, 13, 20);
        Assert.Same(x, x.mul_(2).mul_(A).div_(2).div_(A));
        Equal(x, 10, 13, 20);
        Assert.Same(x, x.div_(A, RoundingMode.floor).div_(2, RoundingMode.floor));
        Equal(x, 5, 3, 3);
        Assert.Same(x, x.pow_(2).pow_(Reals(1, 1, 0)));
        Equal(x, 25, 9, 1);
        Assert.Same(x, x.addcmul_(A, B, 2).addcdiv_(B, A).addcdiv_(B, A, 3));
        Equal(x, 49, 39, 49 + (32 / 3.0));
        Assert.Same(x, x.lerp_(A, tensor(1.0)));
        Equal(x, 1, 2, 3);
        Assert.Same(x, x.clamp_(min: 1.5, max: 2.5).clamp_(min: Reals(0, 2.2, 0)));
        Equal(x, 1.5, 2.2, 2.5);
        Assert.Same(x, x.clamp_min_(2).clamp_max_(2.3));
        Equal(x, 2, 2.2, 2.3);
    }

    [Fact]
    public void Types_follow_the_tensor_and_not_the_number()
    {
        Assert.Equal(ScalarType.Float32, (ones(2) + 0.5).dtype);
        Assert.Equal(ScalarType.BFloat16, (ones(2, ScalarType.BFloat16) * 0.5).dtype);
        Assert.Equal(ScalarType.Float32, (ones(2, ScalarType.Int64) * 0.5).dtype);
        Assert.Equal(ScalarType.Float64, (ones(2) + ones(2, ScalarType.Float64)).dtype);
    }

    [Fact]
    public void Gradients_agree_with_differences()
    {
        var other = Reals(0.5, 1.5, 2.5);
        var functions = new Func<Tensor, Tensor>[]
        {
            x => x.add(other, alpha: 2).sub(other).mul(other).div(other + 1),
            x => other.div(x), x => x.pow(3), x => other.pow(x), x => x.pow(other),
            x => other.addcmul(x, x, 0.5), x => other.addcdiv(x, x + 1, 2), x => x.lerp(other, tensor(0.3)),
            x => x.clamp(min: 1.2, max: 2.6), x => x.maximum(other), x => x.minimum(other), x => x.clamp_min(1.5), x => x.clamp_max(1.5),
        };
        foreach (var function in functions)
            GradientIsRight(function, Reals(1.1, 2.1, 3.1));
    }
}
