using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class ShapeTests : TorchContract
{
    [Fact]
    public void Views_share_their_storage()
    {
        var x = TwoByThree();
        x.view(6)[0] = 9.0;
        x.reshape(3, 2)[0, 1] = 8.0;
        x.t()[2, 0] = 7.0;
        Equal(x, 9, 8, 7, 3, 4, 5);
        var same = x.alias();
        Assert.NotSame(x, same);
        same.fill_(1);
        Equal(x, 1, 1, 1, 1, 1, 1);
        x.detach().fill_(2);
        Equal(x.contiguous(), 2, 2, 2, 2, 2, 2);
        x.clone().fill_(3);
        clone(x).fill_(3);
        Equal(x.view_as(zeros(3, 2)), 2, 2, 2, 2, 2, 2);
    }

    [Fact]
    public void Shapes_change()
    {
        var x = zeros(2, 3, 4);
        Shape(x.flatten(), 24);
        Shape(x.flatten(1), 2, 12);
        Shape(flatten(x, 0, 1), 6, 4);
        Shape(x.unflatten(2, 2, 2), 2, 3, 2, 2);
        Shape(reshape(x, 4, 6), 4, 6);
        Shape(x.transpose(0, 2), 4, 3, 2);
        Shape(transpose(x, -1, -2), 2, 4, 3);
        Shape(x.swapaxes(0, 1), 3, 2, 4);
        Shape(swapaxes(x, 0, 1), 3, 2, 4);
        Shape(x.permute(2, 0, 1), 4, 2, 3);
        Shape(permute(x, 1, 2, 0), 3, 4, 2);
        Shape(x.mT, 2, 4, 3);
        Shape(x[0].T, 4, 3);
        Shape(t(x[0]), 4, 3);
        Shape(x.unsqueeze(1), 2, 1, 3, 4);
        Shape(unsqueeze(x, 0).squeeze(0), 2, 3, 4);
        Shape(zeros(1, 3, 1).squeeze(), 3);
        Shape(squeeze(zeros(1, 3), 0), 3);
    }

    [Fact]
    public void Repetition()
    {
        var x = Reals(1, 2);
        Equal(x.expand(2, 2), 1, 2, 1, 2);
        Equal(x.expand([2, 2], isImplicit: true), 1, 2, 1, 2);
        Equal(x.expand_as(zeros(3, 2)), 1, 2, 1, 2, 1, 2);
        Equal(x.broadcast_to(2, 2), 1, 2, 1, 2);
        Equal(broadcast_to(x, 2, 2), 1, 2, 1, 2);
        Equal(x.repeat(2, 1), 1, 2, 1, 2);
        Equal(x.repeat_interleave(2), 1, 1, 2, 2);
        Equal(x.flip(0), 2, 1);
        Equal(flip(x, 0), 2, 1);
        Equal(Reals(1, 2, 3).roll(1), 3, 1, 2);
        Equal(roll(TwoByThree(), 1, 1), 2, 0, 1, 5, 3, 4);
    }

    [Fact]
    public void Parts()
    {
        var x = TwoByThree();
        Equal(x.narrow(1, 1, 2), 1, 2, 4, 5);
        Equal(narrow(x, 0, 1, 1), 3, 4, 5);
        Equal(x.slice(1, 0, 3, 2), 0, 2, 3, 5);
        Equal(x.select(1, 2), 2, 5);
        Equal(select(x, 0, 1), 3, 4, 5);
        Equal(x.split(2, 1)[1], 2, 5);
        Equal(x.split([1, 2], dim: 1)[1], 1, 2, 4, 5);
        Equal(split(x, [1, 2], 1)[0], 0, 3);
        Equal(x.chunk(3, 1)[2], 2, 5);
        Equal(chunk(x, 2)[1], 3, 4, 5);
        Equal(x.unbind()[1], 3, 4, 5);
        Equal(unbind(x, 1L)[0], 0, 3);
        Equal(Reals(0, 1, 2, 3).unfold(0, 2, 2), 0, 1, 2, 3);
    }

    [Fact]
    public void Triangles_and_diagonals()
    {
        var x = Square2();
        Equal(x.tril(), 1, 0, 3, 4);
        Equal(x.triu(), 1, 2, 0, 4);
        Equal(tril(x, -1), 0, 0, 3, 0);
        Equal(triu(x, 1), 0, 2, 0, 0);
        Equal(x.diag(), 1, 4);
        Equal(diag(Reals(1, 2)), 1, 0, 0, 2);
        Equal(x.diagonal(), 1, 4);
        Equal(diagonal(x, 1), 2);
        Equal(diag_embed(Reals(1, 2)), 1, 0, 0, 2);
        var y = Square2();
        Equal(y.tril_(), 1, 0, 3, 4);
        Equal(y.triu_(), 1, 0, 0, 4);
        Equal(y, 1, 0, 0, 4);
    }

    [Fact]
    public void Joining()
    {
        var x = Reals(1, 2);
        var y = Reals(3, 4);
        Equal(cat([x, y]), 1, 2, 3, 4);
        Equal(cat((IList<Tensor>)new List<Tensor> { x, y }), 1, 2, 3, 4);
        Equal(cat(new ReadOnlySpan<Tensor>([x, y])), 1, 2, 3, 4);
        Equal(stack([x, y], 1), 1, 3, 2, 4);
        GradientIsRight(z => cat(new[] { z, z * 2 }).narrow(0, 1, 2) + stack([z, z * z], 1)[0], x);
    }

    [Fact]
    public void Properties()
    {
        var x = zeros(2, 3, ScalarType.Float64);
        Assert.Equal([2L, 3], x.size());
        Assert.Equal(3, x.size(-1));
        Assert.Equal(2, x.size(0));
        Assert.Equal([3L, 1], x.stride());
        Assert.Equal(1, x.stride(-1));
        Assert.Equal((2, 2, 2), (x.Dimensions, x.ndim, x.dim()));
        Assert.Equal((6, 6, 6), (x.NumberOfElements, x.numel(), x.shape.Aggregate((a, b) => a * b)));
        Assert.Equal((8, 8, 8), (x.ElementSize, x.element_size(), ScalarType.Float64.ElementSize()));
        Assert.Equal(3, x[1].storage_offset());
        Assert.True(x.is_contiguous());
        Assert.False(x.t().is_contiguous());
        Assert.True(x.is_floating_point());
        Assert.False(x.is_integral());
        Assert.False(x.is_pinned());
        Assert.False(x.is_meta);
    }

    [Fact]
    public void Gradients_agree_with_differences()
    {
        var functions = new Func<Tensor, Tensor>[]
        {
            x => x.t(), x => x.mT, x => x.reshape(3, 2), x => x.permute(1, 0), x => x.unsqueeze(0).expand(2, 2, 3), x => x.repeat(2, 2), x => x.repeat_interleave(2, 1),
            x => x.narrow(1, 1, 2), x => x.slice(1, 0, 3, 2), x => x.select(0, 1), x => x.split(2, 1)[0], x => x.chunk(3, 1)[1], x => x.unbind(1)[2], x => x.flip(1),
            x => x.roll(1, 1), x => x.tril(), x => x.triu(), x => x.diagonal(), x => x.flatten(), x => x.squeeze(), x => x.contiguous() + x.clone() + x.alias(),
        };
        foreach (var function in functions)
            GradientIsRight(function, TwoByThree());
    }
}
