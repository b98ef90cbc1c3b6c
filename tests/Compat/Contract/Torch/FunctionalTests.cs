using TorchSharp;
using static TorchSharp.torch;
using static TorchSharp.torch.nn;
using F = TorchSharp.torch.nn.functional;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class FunctionalTests : TorchContract
{
    [Fact]
    public void Activations()
    {
        var x = Reals(-1, 0, 2);
        Equal(F.relu(x), 0, 0, 2);
        Equal(F.relu(x.clone(), inplace: true), 0, 0, 2);
        Equal(F.silu(x), -1 / (1 + Math.E), 0, 2 / (1 + Math.Exp(-2)));
        Equal(F.silu(x.clone(), inplace: true), -1 / (1 + Math.E), 0, 2 / (1 + Math.Exp(-2)));
        Equal(F.sigmoid(x), 1 / (1 + Math.E), 0.5, 1 / (1 + Math.Exp(-2)));
        Close(1e-9, F.gelu(x), -0.15865525393145707, 0, 1.9544997361036416);
        Close(1e-12, F.softplus(x), Math.Log(1 + Math.Exp(-1)), Math.Log(2), Math.Log(1 + Math.Exp(2)));
        Close(1e-12, F.logsigmoid(x), -Math.Log(1 + Math.E), -Math.Log(2), -Math.Log(1 + Math.Exp(-2)));
    }

    [Fact]
    public void Layers()
    {
        var x = TwoByThree();
        Equal(F.linear(x, ones(1, 3, float64)), 3, 12);
        Equal(F.linear(x, ones(1, 3, float64), Reals(1)), 4, 13);
        var spread = Math.Sqrt(1.5);
        Close(1e-4, F.layer_norm(x, [3]), -spread, 0, spread, -spread, 0, spread);
        Close(1e-4, F.layer_norm(x, [3], Reals(2, 2, 2), Reals(1, 1, 1), 1e-5), 1 - (2 * spread), 1, 1 + (2 * spread), 1 - (2 * spread), 1, 1 + (2 * spread));
        Equal(F.normalize(Reals(3, 4), dim: 0), 0.6, 0.8);
        Equal(F.one_hot(tensor(new long[] { 2, 0 }), 3), 0, 0, 1, 1, 0, 0);
        Equal(F.dropout(x, 0.5, training: false), 0, 1, 2, 3, 4, 5);
        Assert.All(Values(F.dropout(ones(100), 0.5)), v => Assert.True(v is 0 or 2));
        var kept = ones(100);
        Assert.Same(kept, F.dropout(kept, 0.5, inplace: true));
        Assert.Contains(0.0, Values(kept));
    }

    [Fact]
    public void Losses()
    {
        var logits = tensor(new double[,] { { 0, Math.Log(3) }, { Math.Log(3), 0 } });
        var target = tensor(new long[] { 1, 1 });
        var (right, wrong) = (-Math.Log(0.75), -Math.Log(0.25));
        Equal(F.cross_entropy(logits, target), (right + wrong) / 2);
        Equal(F.cross_entropy(logits, target, reduction: Reduction.None), right, wrong);
        Equal(F.cross_entropy(logits, target, reduction: Reduction.Sum), right + wrong);
        Equal(F.cross_entropy(logits, tensor(new long[] { 1, -100 })), right);
        Equal(F.nll_loss(F.log_softmax(logits, 1), target), (right + wrong) / 2);
        Equal(F.softmax(logits, 1), 0.25, 0.75, 0.75, 0.25);
        Equal(F.mse_loss(Reals(1, 2), Reals(3, 2)), 2);
        GradientIsRight(x => F.cross_entropy(x, target), logits);
        GradientIsRight(x => F.cross_entropy(x, target, reduction: Reduction.None, label_smoothing: 0.1), logits);
        GradientIsRight(x => F.mse_loss(x, logits * 2), logits);
    }

    [Fact]
    public void Attention_is_softmax_of_scaled_products()
    {
        using var generator = new TorchSharp.torch.Generator(2);
        Tensor Random() => randn([1, 2, 3, 4], float64, generator: generator);
        var (q, k, v) = (Random(), Random(), Random());
        var scores = q.matmul(k.mT) / 2.0;
        Assert.True(F.scaled_dot_product_attention(q, k, v).allclose(scores.softmax(-1).matmul(v)));
        var mask = ones(3, 3, @bool).tril();
        var causal = scores.masked_fill(mask.logical_not(), double.NegativeInfinity).softmax(-1).matmul(v);
        Assert.True(F.scaled_dot_product_attention(q, k, v, is_casual: true).allclose(causal));
        Assert.True(F.scaled_dot_product_attention(q, k, v, mask).allclose(causal));
        var bias = zeros(3, 3, float64).masked_fill(mask.logical_not(), double.NegativeInfinity);
        Assert.True(F.scaled_dot_product_attention(q, k, v, bias).allclose(causal));
        Assert.Throws<ArgumentException>(() => F.scaled_dot_product_attention(q, k, v, mask, is_casual: true));
        GradientIsRight(x => F.scaled_dot_product_attention(x, k, v, is_casual: true), q);
        GradientIsRight(x => F.scaled_dot_product_attention(q, k, x, is_casual: true), v);
    }

    [Fact]
    public void Other_gradients_agree_with_differences()
    {
        foreach (var function in new Func<Tensor, Tensor>[] { x => F.silu(x), F.gelu, F.sigmoid, x => F.softplus(x), F.logsigmoid, x => F.softmax(x, 1), x => F.log_softmax(x, 1), x => F.layer_norm(x, [3]), x => F.normalize(x), x => F.linear(x, x), x => F.relu(x) })
            GradientIsRight(function, (TwoByThree() - 2.4) / 3, tolerance: 1e-5);
    }

    [Fact]
    public void Initial_values()
    {
        manual_seed(1);
        Equal(init.zeros_(Reals(1)), 0);
        Equal(init.ones_(Reals(2)), 1);
        Equal(init.constant_(Reals(2), 3), 3);
        var parameter = zeros(200, 100, requires_grad: true);
        Assert.Same(parameter, init.normal_(parameter, 1, 2));
        Assert.InRange(parameter.std().ToDouble(), 1.95, 2.05);
        Assert.InRange(parameter.mean().ToDouble(), 0.95, 1.05);
        Assert.InRange(init.uniform_(parameter, 2, 4).min().ToDouble(), 2, 2.01);
        init.trunc_normal_(parameter, std: 1, a: -2, b: 2);
        Assert.InRange(parameter.abs().max().ToDouble(), 1.98, 2);
        Assert.InRange(parameter.std().ToDouble(), 0.86, 0.90);
        var q = init.orthogonal_(zeros(6, 4, float64), gain: 2);
        Assert.True(q.t().mm(q).allclose(4 * eye(4, dtype: float64)));
        var wide = init.orthogonal_(zeros(4, 6, float64));
        Assert.True(wide.mm(wide.t()).allclose(eye(4, dtype: float64)));
    }

    [Fact]
    public void Clipping_scales_to_the_norm_and_returns_the_one_before()
    {
        using var a = new TorchSharp.Modules.Parameter(Reals(0, 0));
        using var b = Parameter(Reals(0));
        Assert.Equal(0, utils.clip_grad_norm_([a, b], 1));
        a.grad = Reals(3, 0);
        Assert.Equal(3, utils.clip_grad_norm_([a, b], 10));
        Equal(a.grad!, 3, 0);
        b.grad = Reals(4);
        Assert.Equal(5, utils.clip_grad_norm_([a, b], 1), 1e-12);
        Close(1e-5, a.grad!, 0.6, 0);
        Close(1e-5, b.grad!, 0.8);
        Assert.Equal(1.4, utils.clip_grad_norm_([a, b], 10, norm_type: 1), 1e-5);
    }
}
