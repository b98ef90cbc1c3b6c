using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class ComparisonTests : TorchContract
{
    private static Tensor A => Reals(1, 2, 4);

    private static Tensor B => Reals(4, 2, 1);

    [Fact]
    public void Tensors_with_tensors()
    {
        Equal(A.eq(B), 0, 1, 0);
        Equal(A.ne(B), 1, 0, 1);
        Equal(A.lt(B), 1, 0, 0);
        Equal(A.le(B), 1, 1, 0);
        Equal(A.gt(B), 0, 0, 1);
        Equal(A.ge(B), 0, 1, 1);
        Equal(eq(A, B), 0, 1, 0);
        Equal(ne(A, B), 1, 0, 1);
        Equal(lt(A, B), 1, 0, 0);
        Equal(le(A, B), 1, 1, 0);
        Equal(gt(A, B), 0, 0, 1);
        Equal(ge(A, B), 0, 1, 1);
    }

    [Fact]
    public void Tensors_with_numbers()
    {
        Equal(A.eq(2), 0, 1, 0);
        Equal(A.ne(2), 1, 0, 1);
        Equal(A.lt(2), 1, 0, 0);
        Equal(A.le(2), 1, 1, 0);
        Equal(A.gt(2), 0, 0, 1);
        Equal(A.ge(2), 0, 1, 1);
    }

    [Fact]
    public void Truth()
    {
        var t = tensor(new[] { true, true, false });
        var u = tensor(new[] { true, false, false });
        Equal(t.logical_and(u), 1, 0, 0);
        Equal(t.logical_or(u), 1, 1, 0);
        Equal(t.logical_not(), 0, 0, 1);
        Equal(logical_and(t, u), 1, 0, 0);
        Equal(logical_or(t, u), 1, 1, 0);
        Equal(logical_not(t), 0, 0, 1);
        Equal(t.all(), 0);
        Equal(t.any(), 1);
        Equal(all(t), 0);
        Equal(any(t), 1);
        var m = tensor(new[,] { { true, false }, { true, true } });
        Equal(m.all(1), 0, 1);
        Equal(m.any(0), 1, 1);
        Equal(all(m, 0), 1, 0);
        Equal(any(m, 1), 1, 1);
    }

    [Fact]
    public void Not_numbers_and_infinities()
    {
        var x = Reals(1, double.NaN, double.NegativeInfinity);
        Equal(x.isnan(), 0, 1, 0);
        Equal(x.isinf(), 0, 0, 1);
        Equal(x.isfinite(), 1, 0, 0);
        Equal(isnan(x), 0, 1, 0);
        Equal(isinf(x), 0, 0, 1);
        Equal(isfinite(x), 1, 0, 0);
    }

    [Fact]
    public void Closeness_and_equality()
    {
        var near = A + 1e-9;
        Assert.True(A.allclose(near));
        Assert.False(A.allclose(near, rtol: 0, atol: 1e-12));
        Assert.True(allclose(A, near));
        Equal(A.isclose(Reals(1, 3, 4)), 1, 0, 1);
        Equal(isclose(A, Reals(1, 3, 4)), 1, 0, 1);
        Assert.True(A.Equals(A.clone()));
        Assert.False(A.Equals(B));
    }

    [Fact]
    public void Choice_by_mask()
    {
        var mask = A.gt(1);
        Equal(where(mask, A, B), 4, 2, 4);
        Equal(A.where(mask, B), 4, 2, 4);
        Equal(where(mask)[0], 1, 2);
        Equal(A.masked_fill(mask, -1), 1, -1, -1);
        Equal(A.masked_fill(mask, double.NegativeInfinity), 1, double.NegativeInfinity, double.NegativeInfinity);
        Equal(A.masked_select(mask), 2, 4);
        Equal(masked_select(A, mask), 2, 4);
        Equal(mask.nonzero(), 1, 2);
        Equal(nonzero(mask), 1, 2);
        var x = A;
        Assert.Same(x, x.masked_fill_(mask, 0));
        Equal(x, 1, 0, 0);
        GradientIsRight(y => y.masked_fill(mask, 3) + where(mask, y, B), A);
    }
}
