using System.Diagnostics;
using TorchSharp.Modules;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace PretrainBench.Compat.Tests.Contract.Torch;

/// <summary>Training steps under a scope grow neither the number of live tensors nor the memory of the process.</summary>
public class LeakTests : TorchContract
{
    private const int Steps = 200;
    private const long MemoryTolerance = 32 << 20;

    [Fact]
    public void Two_hundred_steps_of_a_small_transformer_leave_nothing_behind()
    {
        manual_seed(1);
        using var model = new Attention(64, 4);
        foreach (var parameter in model.parameters())
            parameter.DetachFromDisposeScope();
        var velocities = model.parameters().Select(p => zeros_like(p).DetachFromDisposeScope()).ToList();
        for (var i = 0; i < 20; i++)
            Step(model, velocities);
        var (tensors, memory) = (Tensor.TotalCount, Memory());
        for (var i = 0; i < Steps; i++)
            Step(model, velocities);
        Assert.Equal(tensors, Tensor.TotalCount);
        // One step alone allocates several megabytes: 200 of them left behind would be far above the tolerance.
        Assert.InRange(Memory(), 0, memory + MemoryTolerance);
        velocities.ForEach(v => v.Dispose());
    }

    private static void Step(Attention model, List<Tensor> velocities)
    {
        using var scope = NewDisposeScope();
        var loss = F.cross_entropy(model.forward(randn(8, 32, 64)).view(-1, 64), randint(64, new long[] { 256 }));
        loss.backward();
        using var off = no_grad();
        foreach (var (parameter, velocity) in model.parameters().Zip(velocities))
        {
            velocity.mul_(0.9).add_(parameter.grad!);
            parameter.add_(velocity, alpha: -0.01);
            parameter.grad = null;
        }
    }

    private static long Memory()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        using var process = Process.GetCurrentProcess();
        return process.WorkingSet64;
    }

    private sealed class Attention : Module<Tensor, Tensor>
    {
        private readonly int _heads;
        private readonly Linear _qkv;
        private readonly Linear _out;

        internal Attention(int width, int heads)
            : base("Attention")
        {
            _heads = heads;
            _qkv = Linear(width, 3 * width);
            _out = Linear(width, width);
            RegisterComponents();
        }

        public override Tensor forward(Tensor input)
        {
            var parts = Scaled.apply(_qkv.forward(input), 0.9).chunk(3, -1).Select(p => p.unflatten(-1, _heads, -1).transpose(1, 2)).ToArray();
            var mixed = F.scaled_dot_product_attention(parts[0], parts[1], parts[2], is_casual: true).transpose(1, 2).flatten(2);
            return input + _out.forward(mixed);
        }
    }

    private sealed class Scaled : autograd.SingleTensorFunction<Scaled>
    {
        public override string Name => "Scaled";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            ctx.save_for_backward([(Tensor)vars[0]]);
            ctx.save_data("factor", vars[1]);
            return (Tensor)vars[0] * (double)vars[1];
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor grad_output) =>
            [grad_output * (double)ctx.get_data("factor") * ones_like(ctx.get_saved_variables()[0])];
    }
}
