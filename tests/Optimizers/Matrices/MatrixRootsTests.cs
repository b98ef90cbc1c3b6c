using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Matrices;

public class MatrixRootsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Newton_and_eigendecomposition_give_one_root(int root)
    {
        using var scope = NewDisposeScope();
        var matrix_DD = Positive(7);

        var byEigen = MatrixRoots.InverseRoot(matrix_DD, 1.0 / root, 1e-6)!;
        var byNewton = MatrixRoots.InverseRootByNewton(matrix_DD, root, 1e-6, iterations: 100, tolerance: 1e-12)!;

        Assert.True(byEigen.allclose(byNewton, rtol: 1e-9, atol: 1e-9));
        var back = byEigen.matrix_power(root).mm(MatrixRoots.WithDiagonal(matrix_DD, 1e-6));
        Assert.True(back.allclose(eye(7, dtype: ScalarType.Float64), rtol: 0, atol: 1e-8));
    }

    [Fact]
    public void A_slightly_indefinite_matrix_is_shifted_and_not_folded()
    {
        using var scope = NewDisposeScope();
        var matrix_DD = diag(tensor(new double[] { 1, 0.5, -1e-3 }));

        var root_DD = MatrixRoots.InverseRoot(matrix_DD, 0.5, 1e-4)!;

        // eigenvalues + 1e-4 are shifted by 1e-3 so that the smallest is 1e-4
        Assert.Equal(100, root_DD[2, 2].item<double>(), 6);
        Assert.Equal(1 / Math.Sqrt(1.0011), root_DD[0, 0].item<double>(), 6);
    }

    [Fact]
    public void What_is_not_finite_has_no_root()
    {
        using var scope = NewDisposeScope();
        var matrix_DD = Positive(4);
        matrix_DD[1, 2] = tensor(double.NaN);

        Assert.False(MatrixRoots.InverseRoot(matrix_DD, 0.25, 1e-6)!.isfinite().any().item<bool>());
        Assert.Null(MatrixRoots.InverseRootByNewton(matrix_DD, 4, 1e-6, 100, 1e-6));
    }

    [Fact]
    public void Zero_becomes_the_root_of_epsilon()
        => Assert.Equal(10,
            MatrixRoots.InverseRoot(zeros(3, 3, dtype: ScalarType.Float64), 0.25, 1e-4)![1, 1].item<double>(), 9);

    private static Tensor Positive(int size)
    {
        var factor = tensor([.. Enumerable.Range(0, size * size).Select(i => Math.Sin(i * i + 1))], [size, size],
            ScalarType.Float64);
        return factor.mm(factor.mT);
    }
}
