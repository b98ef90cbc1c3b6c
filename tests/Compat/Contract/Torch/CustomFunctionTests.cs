using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class CustomFunctionTests : TorchContract
{
    [Fact]
    public void A_function_of_one_result_has_the_gradient_it_says()
    {
        Equal(Power.apply(Reals(1, 2, 3), 3.0), 1, 8, 27);
        GradientIsRight(x => Power.apply(x, 3.0), Reals(1, 2, 3));
        Assert.Equal("Power", new Power().Name);
    }

    [Fact]
    public void A_function_of_several_results_has_the_gradients_it_says()
    {
        var parts = SumAndProduct.apply(Reals(2), Reals(5));
        Equal(parts[0], 7);
        Equal(parts[1], 10);
        var other = Reals(0.5, 2);
        GradientIsRight(x => cat(SumAndProduct.apply_internal(x, other).ToArray()), Reals(3, 4));
        GradientIsRight(x => cat(SumAndProduct.apply(other, x).ToArray()), Reals(3, 4));
    }

    [Fact]
    public void A_bf16_product_keeps_fp32_gradients()
    {
        var x = randn(4, 8, requires_grad: true);
        var w = randn(3, 8, requires_grad: true);
        Bf16Linear.apply(x, w).sum().backward();
        Assert.Equal((ScalarType.Float32, ScalarType.Float32), (x.grad!.dtype, w.grad!.dtype));
        Assert.True(x.grad!.allclose(w.sum(0L).expand(4, 8), rtol: 2e-2, atol: 2e-2));
    }

    [Fact]
    public void Without_gradients_there_is_no_graph()
    {
        using (no_grad())
            Assert.False(Power.apply(Reals(1).requires_grad_(), 2.0).requires_grad);
        Assert.False(Power.apply(Reals(1), 2.0).requires_grad);
        Assert.False(Stopped.apply(Reals(1).requires_grad_()).requires_grad);
    }

    [Fact]
    public void A_result_in_place_is_the_input_itself()
    {
        var x = Reals(1, 2).requires_grad_() * 1;
        Equal(Doubled.apply(x), 2, 4);
        Equal(x, 2, 4);
        GradientIsRight(y => Doubled.apply(y * 1), Reals(1, 2));
    }

    [Fact]
    public void Exceptions_pass_through()
    {
        Assert.Equal("forward", Assert.Throws<InvalidOperationException>(() => Failing.apply(Reals(1), true)).Message);
        var y = Failing.apply(Reals(1).requires_grad_(), false);
        Assert.Contains("backward only", Assert.Throws<ExternalException>(() => y.backward()).Message);
    }

    private sealed class Power : autograd.SingleTensorFunction<Power>
    {
        public override string Name => "Power";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            Assert.False(is_grad_enabled());
            ctx.save_for_backward([(Tensor)vars[0]]);
            ctx.save_data("exponent", vars[1]);
            return ((Tensor)vars[0]).pow((double)vars[1]);
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var exponent = (double)ctx.get_data("exponent");
            return [grad_output * ctx.get_saved_variables()[0].pow(exponent - 1) * exponent, null!];
        }
    }

    private sealed class SumAndProduct : autograd.MultiTensorFunction<SumAndProduct>
    {
        public override string Name => "SumAndProduct";

        public override List<Tensor> forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (a, b) = ((Tensor)vars[0], (Tensor)vars[1]);
            Assert.True(ctx.MaterializeGrads);
            ctx.set_materialize_grads(true);
            ctx.save_for_backward([a, b]);
            return [a + b, a * b];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, List<Tensor> grad_outputs)
        {
            var saved = ctx.get_saved_variables();
            return [grad_outputs[0] + (grad_outputs[1] * saved[1]), grad_outputs[0] + (grad_outputs[1] * saved[0])];
        }
    }

    private sealed class Bf16Linear : autograd.SingleTensorFunction<Bf16Linear>
    {
        public override string Name => "Bf16Linear";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var (x, w) = (((Tensor)vars[0]).bfloat16(), ((Tensor)vars[1]).bfloat16());
            ctx.save_for_backward([x, w]);
            return x.mm(w.t()).@float();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output)
        {
            var saved = ctx.get_saved_variables();
            var g = grad_output.bfloat16();
            return [g.mm(saved[1]).@float(), g.t().mm(saved[0]).@float()];
        }
    }

    private sealed class Stopped : autograd.SingleTensorFunction<Stopped>
    {
        public override string Name => "Stopped";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var result = ((Tensor)vars[0]).clone();
            ctx.mark_non_differentiable([result]);
            return result;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output];
    }

    private sealed class Doubled : autograd.SingleTensorFunction<Doubled>
    {
        public override string Name => "Doubled";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            var x = (Tensor)vars[0];
            x.mul_(2);
            ctx.mark_dirty([x]);
            return x;
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => [grad_output * 2];
    }

    private sealed class Failing : autograd.SingleTensorFunction<Failing>
    {
        public override string Name => "Failing";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars) =>
            (bool)vars[1] ? throw new InvalidOperationException("forward") : ((Tensor)vars[0]).clone();

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) => throw new InvalidOperationException("backward only");
    }
}
