using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Matrices;

public class TensorAxesTests
{
    [Theory]
    [InlineData(8, 5)]
    [InlineData(515, 20)]
    [InlineData(1024, 8)]
    public void Statistics_of_large_matrices_are_whole_once_completed(int rows, int columns)
    {
        using var scope = NewDisposeScope();
        var gradient = tensor([.. Enumerable.Range(0, rows * columns).Select(i => (float)Math.Sin(i * i % 1000))],
            [rows, columns]);
        var statistics_DD = eye(rows);

        TensorAxes.AccumulateGram(statistics_DD, gradient, axis: 0, keep: 0.5, add: 2);
        TensorAxes.Complete(statistics_DD);

        Assert.True(
            statistics_DD.allclose(eye(rows).mul(0.5).add(gradient.mm(gradient.mT), 2), rtol: 1e-5, atol: 1e-4));
    }

    [Fact]
    public void Products_along_axes_agree_with_einsum()
    {
        using var scope = NewDisposeScope();
        var stack_ABC = arange(24, ScalarType.Float64).view(2, 3, 4);
        var matrix_33 = arange(9, ScalarType.Float64).view(3, 3).sin();

        Assert.True(TensorAxes.Multiply(stack_ABC, 1, matrix_33).allclose(einsum("abc,bd->adc", stack_ABC, matrix_33)));
        Assert.True(
            TensorAxes.Multiply(stack_ABC, 1, matrix_33,
                transposed: true).allclose(einsum("abc,db->adc", stack_ABC, matrix_33)));
    }
}
