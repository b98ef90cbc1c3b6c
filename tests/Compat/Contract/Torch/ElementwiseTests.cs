using static TorchSharp.torch;
using Case = (System.Func<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> Method, System.Func<TorchSharp.torch.Tensor, TorchSharp.torch.Tensor> Other, System.Func<double, double> Formula);

namespace PretrainBench.Compat.Tests.Contract.Torch;

/// <summary>Functions of one number: the method, its static or in-place form, the formula, and the gradient.</summary>
public class ElementwiseTests : TorchContract
{
    private static readonly double[] Points = [0.3, 0.7, 1.1, 2.4];

    private static readonly Dictionary<string, Case> Cases = new()
    {
        ["abs"] = (x => (-x).abs(), x => abs(-x), Math.Abs),
        ["cos"] = (x => x.cos(), cos, Math.Cos),
        ["exp"] = (x => x.exp(), exp, Math.Exp),
        ["log"] = (x => x.log(), log, Math.Log),
        ["neg"] = (x => x.neg(), x => x.negative(), x => -x),
        ["reciprocal"] = (x => x.reciprocal(), reciprocal, x => 1 / x),
        ["relu"] = (x => x.relu(), x => x.clone().relu_(), x => Math.Max(x, 0)),
        ["rsqrt"] = (x => x.rsqrt(), rsqrt, x => 1 / Math.Sqrt(x)),
        ["sigmoid"] = (x => x.sigmoid(), sigmoid, x => 1 / (1 + Math.Exp(-x))),
        ["silu"] = (x => x.silu(), x => x.clone().silu_(), x => x / (1 + Math.Exp(-x))),
        ["sin"] = (x => x.sin(), sin, Math.Sin),
        ["sqrt"] = (x => x.sqrt(), sqrt, Math.Sqrt),
        ["square"] = (x => x.square(), square, x => x * x),
        ["tanh"] = (x => x.tanh(), tanh, Math.Tanh),
        ["erf"] = (x => x.erf(), erf, Erf),
        ["log1p"] = (x => x.log1p(), log1p, x => Math.Log(1 + x)),
        ["expm1"] = (x => x.expm1(), expm1, x => Math.Exp(x) - 1),
        ["log2"] = (x => x.log2(), log2, Math.Log2),
        ["abs_"] = (x => (-x).abs_(), x => x.abs(), Math.Abs),
        ["exp_"] = (x => x.clone().exp_(), x => x.exp(), Math.Exp),
        ["log_"] = (x => x.clone().log_(), x => x.log(), Math.Log),
        ["neg_"] = (x => x.clone().neg_(), neg, x => -x),
        ["reciprocal_"] = (x => x.clone().reciprocal_(), x => x.reciprocal(), x => 1 / x),
        ["rsqrt_"] = (x => x.clone().rsqrt_(), x => x.rsqrt(), x => 1 / Math.Sqrt(x)),
        ["sqrt_"] = (x => x.clone().sqrt_(), x => x.sqrt(), Math.Sqrt),
        ["cos_"] = (x => x.clone().cos_(), x => x.cos(), Math.Cos),
        ["sin_"] = (x => x.clone().sin_(), x => x.sin(), Math.Sin),
        ["sigmoid_"] = (x => x.clone().sigmoid_(), x => x.sigmoid(), x => 1 / (1 + Math.Exp(-x))),
        ["relu_"] = (x => x.clone().relu_(), x => x.relu(), x => Math.Max(x, 0)),
    };

    public static TheoryData<string> Names => new(Cases.Keys);

    [Theory]
    [MemberData(nameof(Names))]
    public void Values_follow_the_formula(string name)
    {
        var expected = Points.Select(Cases[name].Formula).ToArray();
        Close(1e-9, Cases[name].Method(Reals(Points)), expected);
        Close(1e-9, Cases[name].Other(Reals(Points)), expected);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Gradients_agree_with_differences(string name) => GradientIsRight(Cases[name].Method, Reals(Points));

    [Fact]
    public void Steps_have_values_and_no_slope()
    {
        Equal(Reals(-1.5, 0, 2.5).sign(), -1, 0, 1);
        Equal(sign(Reals(-1.5, 2.5)), -1, 1);
        Equal(Reals(-1.5, 2.5).sign_(), -1, 1);
        Equal(Reals(-1.5, 2.5).floor(), -2, 2);
        Equal(floor(Reals(-1.5, 2.5)), -2, 2);
        Equal(Reals(-1.5, 2.4).ceil(), -1, 3);
        Equal(Reals(-1.26, 2.44).round(1), -1.3, 2.4);
    }

    [Fact]
    public void In_place_forms_return_the_same_wrapper_and_change_it()
    {
        var x = Reals(4, 9);
        Assert.Same(x, x.sqrt_());
        Equal(x, 2, 3);
        Assert.Same(x, x.neg_());
        Assert.Same(x, x.abs_());
        Equal(x, 2, 3);
    }

    // Abramowitz and Stegun's series is enough at these points.
    private static double Erf(double x)
    {
        double sum = x, term = x;
        for (var n = 1; n < 60; n++)
        {
            term *= -x * x / n;
            sum += term / ((2 * n) + 1);
        }

        return 2 / Math.Sqrt(Math.PI) * sum;
    }
}
