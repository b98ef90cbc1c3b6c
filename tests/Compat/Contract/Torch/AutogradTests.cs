using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class AutogradTests : TorchContract
{
    [Fact]
    public void Gradients_accumulate_and_can_be_set_aside()
    {
        var x = Reals(1, 2).requires_grad_();
        Assert.Null(x.grad);
        x.square().sum().backward();
        Equal(x.grad!, 2, 4);
        x.square().sum().backward();
        Equal(x.grad!, 4, 8);
        x.grad!.mul_(0.5);
        Equal(x.grad!, 2, 4);
        x.grad = Reals(7, 7);
        Equal(x.grad!, 7, 7);
        x.grad = null;
        Assert.Null(x.grad);
        Assert.True(x.with_requires_grad(false) is { requires_grad: false });
        x.requires_grad = true;
        Assert.True(x.requires_grad);
    }

    [Fact]
    public void Backward_takes_weights_and_targets()
    {
        var x = Reals(1, 2).requires_grad_();
        var z = Reals(1, 1).requires_grad_();
        var y = x.square() * z;
        y.backward([Reals(1, 10)], retain_graph: true, inputs: [x]);
        Equal(x.grad!, 2, 40);
        Assert.Null(z.grad);
        autograd.backward(y, Reals(1, 1), retain_graph: true);
        Equal(x.grad!, 4, 44);
        autograd.backward(y.sum(), (IList<Tensor>?)null, retain_graph: true);
        Equal(x.grad!, 6, 48);
        autograd.backward([y], [Reals(0, 0)]);
        Equal(x.grad!, 6, 48);
        Equal(z.grad!, 2, 8);
    }

    [Fact]
    public void Grad_returns_derivatives_of_any_order()
    {
        var x = Reals(2).requires_grad_();
        var unused = Reals(1).requires_grad_();
        var first = autograd.grad([x.pow(3).sum()], [x], create_graph: true)[0];
        Equal(first, 12);
        Equal(autograd.grad([first], [x], [Reals(2)])[0], 24);
        var partial = autograd.grad([x.square().sum()], [x, unused], allow_unused: true);
        Equal(partial[0], 4);
        Assert.True(partial[1].IsInvalid);
    }

    [Fact]
    public void Inner_nodes_keep_gradients_on_request_and_detached_ones_get_none()
    {
        var x = Reals(3).requires_grad_();
        var y = x * 2;
        y.retain_grad();
        (y.square() + (x.detach() * y.clone().detach_())).sum().backward();
        Equal(y.grad!, 12);
        Equal(x.grad!, 24);
    }

    [Fact]
    public void Modes_are_of_the_thread_and_end_with_their_block()
    {
        var x = Reals(1).requires_grad_();
        using (no_grad())
        {
            Assert.False(is_grad_enabled());
            Assert.False((x * 2).requires_grad);
            using (enable_grad())
                Assert.True((x * 2).requires_grad);
            using (set_grad_enabled(true))
                Assert.True(is_grad_enabled());
            var elsewhere = false;
            var thread = new Thread(() => elsewhere = is_grad_enabled());
            thread.Start();
            thread.Join();
            Assert.True(elsewhere);
        }

        Assert.True(is_grad_enabled());
        using (inference_mode())
        {
            Assert.True(is_inference_mode_enabled());
            Assert.False((x * 2).requires_grad);
        }

        Assert.False(is_inference_mode_enabled());
    }

    [Fact]
    public void Leaves_that_require_gradients_refuse_changes_in_place() =>
        Assert.Contains("leaf Variable", Assert.Throws<ExternalException>(() => Reals(1).requires_grad_().add_(1)).Message);

    [Fact]
    public void Errors_name_their_operator()
    {
        Assert.Contains("aten::mm", Assert.Throws<ExternalException>(() => zeros(2, 3).mm(zeros(2, 3))).Message);
        Assert.Contains("aten::view", Assert.Throws<ExternalException>(() => zeros(2, 3).view(7)).Message);
        Assert.Contains("backward", Assert.Throws<ExternalException>(() => zeros(1).backward()).Message);
    }
}
