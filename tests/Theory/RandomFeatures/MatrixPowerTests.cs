using PretrainBench.Core;
using PretrainBench.Theory.RandomFeatures;
using static TorchSharp.torch;

namespace PretrainBench.Theory.Tests.RandomFeatures;

public class MatrixPowerTests
{
    [Fact]
    public void The_fourth_power_of_the_inverse_fourth_root_inverts()
    {
        var gram = Gram(6);
        var root = MatrixPower.InversePower(gram, .25);
        Close(root.matmul(root).matmul(root).matmul(root).matmul(gram), eye(6, dtype: float64).expand(2, 6, 6));
    }

    [Fact]
    public void The_polar_factor_has_orthonormal_rows_and_leaves_a_positive_rest()
    {
        var matrix = Random(2, 4, 6);
        var polar = MatrixPower.PolarFactor(matrix);
        Close(polar.matmul(polar.transpose(1, 2)), eye(4, dtype: float64).expand(2, 4, 4));
        var rest = matrix.matmul(polar.transpose(1, 2));
        Close(rest, rest.transpose(1, 2));
        Assert.True(linalg.eigvalsh(rest).min().item<double>() > 0);
    }

    [Fact]
    public void A_kronecker_matrix_is_whitened_exactly()
    {
        var (left, right) = (Gram(3)[0], Gram(4)[1]);
        var hessian = kron(left, right);
        var root = MatrixPower.KroneckerInverseRoot(hessian, 3, 4);
        var whitened = root.mm(hessian).mm(root);
        Close(whitened.div(whitened[0, 0]), eye(12, dtype: float64));
    }

    [Fact]
    public void Damping_adds_to_the_spectrum_and_power_iteration_finds_its_top()
    {
        var gram = Gram(5)[0];
        double largest = linalg.eigvalsh(gram).max().item<double>();
        Close(MatrixPower.DampedInverse(gram, .1).mm(gram.add(eye(5, dtype: float64).mul(.1 * largest))),
            eye(5, dtype: float64));
        Assert.Equal(1.001, MatrixPower.LargestEigenvalue(null, gram) / largest, 1e-3);
    }

    private static Tensor Random(int count, int rows, int columns)
        => LinearAlgebra.Matrix(new NormalSource(1, "m").Normals(count * rows * columns), count * rows,
            columns).reshape(count, rows, columns);

    private static Tensor Gram(int size)
    {
        var random = Random(2, size, size + 3);
        return random.matmul(random.transpose(1, 2));
    }

    private static void Close(Tensor actual, Tensor expected)
        => Assert.True(actual.sub(expected).abs().max().item<double>() < 1e-8);
}
