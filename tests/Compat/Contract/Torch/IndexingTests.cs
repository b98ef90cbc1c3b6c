using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class IndexingTests : TorchContract
{
    private static Tensor Cube() => arange(24, ScalarType.Float64).view(2, 3, 4);

    [Fact]
    public void Numbers_read_and_write()
    {
        var x = Cube();
        Equal(x[1][0], 12, 13, 14, 15);
        Equal(x[1, 2], 20, 21, 22, 23);
        Equal(x[1, 2, 3], 23);
        Equal(arange(16, ScalarType.Float64).view(2, 2, 2, 2)[1, 0, 1, 0], 10);
        x[0] = 5f;
        x[1, 0] = Reals(1, 2, 3, 4);
        x[1, 2, 3] = -1.0;
        Equal(x[0, 2], 5, 5, 5, 5);
        Equal(x[1, 0], 1, 2, 3, 4);
        Equal(x[-1, -1, -1], -1);
        var four = zeros(1, 1, 2, 2);
        four[0, 0, 1, 1] = 3f;
        Equal(four, 0, 0, 0, 3);
    }

    [Fact]
    public void Slices_ellipses_and_new_axes()
    {
        var x = Cube();
        Equal(x[1..2, .., 3], 15, 19, 23);
        Equal(x[TensorIndex.Ellipsis, 0], 0, 4, 8, 12, 16, 20);
        Equal(x[0, TensorIndex.Slice(0, 3, 2), TensorIndex.Colon], 0, 1, 2, 3, 8, 9, 10, 11);
        Equal(x[TensorIndex.Single(0), TensorIndex.Slice(1..2), (0, 2)], 4, 5);
        Equal(x[0, 0, TensorIndex.Slice((2, null))], 2, 3);
        Equal(x[0, ^1, 1..^1], 9, 10);
        Shape(x[TensorIndex.None, 0], 1, 3, 4);
        Shape(x[.., TensorIndex.Null, ..], 2, 1, 3, 4);
        Equal(x.index(0, 1..2, 0), 4);
        x[.., 0, 1..3] = 0.0;
        Equal(x[1, 0], 12, 0, 0, 15);
    }

    [Fact]
    public void Tensors_gather_and_scatter()
    {
        var x = TwoByThree();
        var columns = tensor(new long[] { 2, 0 });
        Equal(x[columns.mul(0)], 0, 1, 2, 0, 1, 2);
        Equal(x.index(columns.mul(0) + 1), 3, 4, 5, 3, 4, 5);
        Equal(x[.., TensorIndex.Tensor(columns)], 2, 0, 5, 3);
        Equal(x[x.gt(3)], 4, 5);
        x[tensor(new long[] { 1 })] = Reals(7, 8, 9);
        x[0, TensorIndex.Tensor(columns)] = Reals(-2, -1);
        Equal(x, -1, 1, -2, 7, 8, 9);
    }

    [Fact]
    public void Named_gathers()
    {
        var x = TwoByThree();
        var index = tensor(new long[] { 2, 0 });
        Equal(x.index_select(1, index), 2, 0, 5, 3);
        Equal(index_select(x, 1, index), 2, 0, 5, 3);
        Equal(x.index_fill(1, index, -1), -1, 1, -1, -1, 4, -1);
        Equal(index_fill(x, 1, index, -1), -1, 1, -1, -1, 4, -1);
        var rows = index.view(2, 1);
        Equal(x.gather(1, rows), 2, 3);
        Equal(gather(x, 1, rows), 2, 3);
        Equal(x.take_along_dim(rows, 1), 2, 3);
        Equal(take_along_dim(x, rows, 1), 2, 3);
        Equal(x.scatter(1, rows, Reals(9, 9).view(2, 1)), 0, 1, 9, 9, 4, 5);
        Equal(x.scatter_add(1, rows, Reals(9, 9).view(2, 1)), 0, 1, 11, 12, 4, 5);
    }

    [Fact]
    public void Named_scatters_in_place()
    {
        var index = tensor(new long[] { 2, 0 });
        var rows = index.view(2, 1);
        var source = Reals(9, 8).view(2, 1);
        var x = TwoByThree();
        Assert.Same(x, x.scatter_(1, rows, source).scatter_add_(1, rows, source));
        Equal(x, 0, 1, 18, 16, 4, 5);
        scatter_add_(x, 1, rows, source);
        Equal(x, 0, 1, 27, 24, 4, 5);
        x = TwoByThree();
        Assert.Same(x, x.index_add_(1, index, Square2(), 10).index_copy_(0, tensor(new long[] { 1 }), Reals(7, 7, 7).view(1, 3)).index_fill_(1, tensor(new long[] { 1 }), 5));
        Equal(x, 20, 5, 12, 7, 5, 7);
        index_add_(x, 0, tensor(new long[] { 0, 0 }), ones(2, 3, ScalarType.Float64), 1);
        Equal(x, 22, 7, 14, 7, 5, 7);
        index_copy_(x, 0, tensor(new long[] { 0 }), zeros(1, 3, ScalarType.Float64));
        Equal(x, 0, 0, 0, 7, 5, 7);
    }

    [Fact]
    public void Repeated_indices_accumulate_their_gradients()
    {
        var index = tensor(new long[] { 0, 1, 0 });
        GradientIsRight(x => x.index_select(0, index), Square2());
        GradientIsRight(x => x[index], Square2());
        GradientIsRight(x => x.gather(1, index.view(1, 3).expand(2, 3)), Square2());
        GradientIsRight(x => x[.., TensorIndex.Tensor(index)] + x[TensorIndex.Ellipsis, 0..1], Square2());
    }
}
