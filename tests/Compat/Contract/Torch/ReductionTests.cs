using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class ReductionTests : TorchContract
{
    [Fact]
    public void Sums_means_and_products()
    {
        var x = TwoByThree();
        Equal(x.sum(), 15);
        Equal(x.sum(0L), 3, 5, 7);
        Equal(x.sum(0, 1), 15);
        Equal(x.sum(new[] { 1L }, keepdim: true), 3, 12);
        Equal(x.sum((ReadOnlySpan<long>)[0, 1]), 15);
        Assert.Equal(ScalarType.Int64, tensor(new[] { true, true }).sum().dtype);
        Equal(sum(x), 15);
        Equal(sum(x, 1), 3, 12);
        Equal(sum(x, (ReadOnlySpan<long>)[0]), 3, 5, 7);
        Equal(x.mean(), 2.5);
        Equal(x.mean([0]), 1.5, 2.5, 3.5);
        Shape(x.mean([1], keepdim: true), 2, 1);
        Equal(mean(x), 2.5);
        Equal(mean(x, [1]), 1, 4);
        Equal(Square2().prod(), 24);
        Equal(Square2().prod(0L), 3, 8);
        Equal(prod(Square2()), 24);
        Equal(prod(Square2(), 1), 2, 12);
    }

    [Fact]
    public void Extremes()
    {
        var x = tensor(new double[,] { { 3, 1 }, { 2, 5 } });
        Equal(x.max(), 5);
        Equal(x.min(), 1);
        Equal(x.max(ones_like(x) * 2.5), 3, 2.5, 2.5, 5);
        Equal(x.min(ones_like(x) * 2.5), 2.5, 1, 2, 2.5);
        var (values, indexes) = x.max(0);
        Equal(values, 3, 5);
        Equal(indexes, 0, 1);
        Equal(x.min(1).values, 1, 2);
        Equal(max(x), 5);
        Equal(min(x), 1);
        Equal(max(x, ones_like(x)), 3, 1, 2, 5);
        Equal(min(x, ones_like(x)), 1, 1, 1, 1);
        Equal(max(x, 1).indexes, 0, 1);
        Equal(min(x, 1).indexes, 1, 0);
        Equal(x.amax(0, 1), 5);
        Equal(x.amax([1], keepdim: true), 3, 5);
        Equal(x.amin(0, 1), 1);
        Equal(x.amin([1], keepdim: true), 1, 2);
        Equal(amax(x, [0]), 3, 5);
        Equal(x.argmax(), 3);
        Equal(x.argmin(), 1);
        Equal(x.argmax(1), 0, 1);
        Equal(x.argmin(1), 1, 0);
        Equal(argmax(x), 3);
        Equal(argmin(x), 1);
        Equal(argmax(x, 0), 0, 1);
        Equal(argmin(x, 0), 1, 0);
    }

    [Fact]
    public void Norms()
    {
        var x = tensor(new double[,] { { 3, 4 }, { 6, 8 } });
        Equal(x.norm(), Math.Sqrt(125));
        Equal(x.norm(1f), 21);
        Equal(x.norm(1), 5, 10);
        Equal(norm(x), Math.Sqrt(125));
        Equal(norm(x, 1f), 21);
        Equal(norm(x, 0), Math.Sqrt(45), Math.Sqrt(80));
    }

    [Fact]
    public void Spread()
    {
        var x = tensor(new double[,] { { 1, 3 }, { 5, 5 } });
        Equal(x.var(), 11 / 3.0);
        Equal(x.var(unbiased: false), 2.75);
        Equal(x.var(1), 2, 0);
        Equal(x.var([0]), 8, 2);
        Equal(x.std(), Math.Sqrt(11 / 3.0));
        Equal(x.std(1, unbiased: false), 1, 0);
        Equal(x.std([0]), Math.Sqrt(8), Math.Sqrt(2));
        Equal(var(x), 11 / 3.0);
        Equal(var(x, 1), 2, 0);
        Equal(var(x, [1]), 2, 0);
        Equal(std(x), Math.Sqrt(11 / 3.0));
        Equal(std(x, 1), Math.Sqrt(2), 0);
        Equal(std(x, [1]), Math.Sqrt(2), 0);
        Equal(x.median(), 3);
        Equal(median(x), 3);
        Equal(x.view(-1).quantile(Reals(0.5)), 4);
        Equal(quantile(x.view(-1), Reals(1)), 5);
    }

    [Fact]
    public void Running_and_soft_forms()
    {
        var x = Reals(1, 2, 3);
        Equal(x.cumsum(0), 1, 3, 6);
        Equal(cumsum(x, 0), 1, 3, 6);
        Equal(x.cumprod(0), 1, 2, 6);
        Equal(cumprod(x, 0), 1, 2, 6);
        var total = Math.Exp(1) + Math.Exp(2) + Math.Exp(3);
        Equal(x.logsumexp(0), Math.Log(total));
        Equal(logsumexp(x, 0), Math.Log(total));
        double[] soft = [Math.Exp(1) / total, Math.Exp(2) / total, Math.Exp(3) / total];
        Equal(x.softmax(0), soft);
        Equal(softmax(x, 0), soft);
        Equal(x.log_softmax(0), [.. soft.Select(p => Math.Log(p))]);
        Assert.Equal(ScalarType.Float32, x.softmax(0, ScalarType.Float32).dtype);
    }

    [Fact]
    public void Order_and_counts()
    {
        var x = Reals(2, 3, 1);
        var (values, indices) = x.sort();
        Equal(values, 1, 2, 3);
        Equal(indices, 2, 0, 1);
        Equal(sort(x, descending: true, stable: true).values, 3, 2, 1);
        Equal(x.argsort(), 2, 0, 1);
        Equal(argsort(x, descending: true), 1, 0, 2);
        Equal(x.topk(2).values, 3, 2);
        Equal(topk(x, 1, largest: false).indices, 2);
        Equal(Reals(0, 1, 2).count_nonzero(), 2);
        Equal(count_nonzero(TwoByThree(), [1]), 2, 3);
    }

    [Fact]
    public void Gradients_agree_with_differences()
    {
        var functions = new Func<Tensor, Tensor>[]
        {
            x => x.sum(), x => x.sum(1), x => x.mean(), x => x.mean([0], keepdim: true), x => x.prod(), x => x.prod(1), x => x.max(), x => x.min(1).values,
            x => x.amax([1]), x => x.norm(), x => x.norm(1), x => x.norm(1f), x => x.std(), x => x.var([1]), x => x.cumsum(1), x => x.cumprod(0), x => x.logsumexp(1),
            x => x.softmax(1), x => x.log_softmax(0), x => x.sort(1).Values, x => x.topk(2).values, x => x.median(),
        };
        foreach (var function in functions)
            GradientIsRight(function, TwoByThree() + 0.5);
    }
}
