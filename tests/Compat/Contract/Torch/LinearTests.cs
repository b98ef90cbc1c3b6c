using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

public class LinearTests : TorchContract
{
    private static Tensor A => Square2();

    private static Tensor Symmetric => tensor(new double[,] { { 2, 1 }, { 1, 2 } });

    [Fact]
    public void Products()
    {
        var v = Reals(1, -1);
        double[] squared = [7, 10, 15, 22];
        Equal(A.mm(A), squared);
        Equal(mm(A, A), squared);
        Equal(A.matmul(A), squared);
        Equal(matmul(A, A), squared);
        Equal(A.matrix_power(2), squared);
        Equal(matrix_power(A, 2), squared);
        Equal(A.unsqueeze(0).bmm(A.unsqueeze(0)), squared);
        Equal(bmm(A.unsqueeze(0), A.unsqueeze(0)), squared);
        Equal(A.mv(v), -1, -1);
        Equal(mv(A, v), -1, -1);
        Equal(v.dot(Reals(3, 1)), 2);
        Equal(dot(v, v), 2);
        Equal(v.inner(Reals(3, 1)), 2);
        Equal(inner(v, v), 2);
        Equal(v.outer(v), 1, -1, -1, 1);
        Equal(outer(v, v), 1, -1, -1, 1);
        Equal(kron(v, v), 1, -1, -1, 1);
        Equal(einsum("ij,kj->ik", A, A), 5, 11, 11, 25);
        Equal(A.trace(), 5);
        Equal(trace(A), 5);
        Equal(A.inverse(), -2, 1, 1.5, -0.5);
        Equal(inverse(A), -2, 1, 1.5, -0.5);
    }

    [Fact]
    public void Products_with_an_addend_take_beta_before_alpha()
    {
        var one = ones(2, 2, ScalarType.Float64);
        Equal(one.addmm(A, A, beta: 2, alpha: 0.5f), 5.5, 7, 9.5, 13);
        Equal(addmm(one, A, A, 2, 0.5f), 5.5, 7, 9.5, 13);
        Equal(one.unsqueeze(0).baddbmm(A.unsqueeze(0), A.unsqueeze(0), 2, 0.5f), 5.5, 7, 9.5, 13);
        Equal(baddbmm(one.unsqueeze(0), A.unsqueeze(0), A.unsqueeze(0), 2, 0.5f), 5.5, 7, 9.5, 13);
        Assert.Same(one, one.addmm_(A, A, beta: 2, alpha: 0.5f));
        Equal(one, 5.5, 7, 9.5, 13);
    }

    [Fact]
    public void Bf16_products_accumulate_in_fp32()
    {
        // Partial sums of 3 above 256 are no bf16 numbers, and rounding each of them would reach 940. (Products of fewer
        // than 16^3 multiplications may do so: libtorch 1.13 has no fp32 accumulation for them.)
        var x = ones(32, 257, ScalarType.BFloat16);
        Assert.All(Values(x.mm(x.t() * 3)), value => Assert.Equal(772, value));
        Assert.All(Values(x.matmul((x * 3).t())), value => Assert.Equal(772, value));
    }

    [Fact]
    public void Factorizations()
    {
        var (q, r) = linalg.qr(A);
        Close(1e-12, q.mm(r), 1, 2, 3, 4);
        Close(1e-12, q.t().mm(q), 1, 0, 0, 1);
        Shape(linalg.qr(TwoByThree().t(), linalg.QRMode.Complete).Q, 3, 3);
        var (values, vectors) = linalg.eigh(Symmetric);
        Close(1e-12, values, 1, 3);
        Close(1e-12, vectors.mm(diag(values)).mm(vectors.t()), 2, 1, 1, 2);
        Close(1e-12, linalg.eigvalsh(Symmetric), 1, 3);
        var (u, s, vh) = linalg.svd(TwoByThree(), fullMatrices: false);
        Close(1e-12, u.mm(diag(s)).mm(vh), 0, 1, 2, 3, 4, 5);
        Close(1e-12, linalg.svdvals(Symmetric), 3, 1);
        var l = linalg.cholesky(Symmetric);
        Close(1e-12, l.mm(l.t()), 2, 1, 1, 2);
        Shape(linalg.eigh(stack([Symmetric, Symmetric])).Item2, 2, 2, 2);
    }

    [Fact]
    public void Solutions()
    {
        var b = Reals(5, 11).view(2, 1);
        Close(1e-12, linalg.inv(A), -2, 1, 1.5, -0.5);
        Close(1e-12, linalg.pinv(A), -2, 1, 1.5, -0.5);
        Close(1e-12, linalg.solve(A, b), 1, 2);
        Close(1e-12, linalg.solve_triangular(A.tril(), b, upper: false), 5, -1);
        Close(1e-12, linalg.det(A), -2);
        Close(1e-12, linalg.slogdet(A).Item2, Math.Log(2));
        Equal(linalg.matrix_rank(ones(2, 2, ScalarType.Float64)), 1);
    }

    [Fact]
    public void Norms()
    {
        var x = tensor(new double[,] { { 3, 0 }, { 0, 4 } });
        Equal(linalg.vector_norm(x), 5);
        Equal(linalg.vector_norm(x, 1, [1]), 3, 4);
        Equal(linalg.matrix_norm(x), 5);
        Equal(linalg.matrix_norm(x, "nuc"), 7);
        Equal(linalg.matrix_norm(x, 2), 4);
        Equal(linalg.norm(x), 5);
        Equal(linalg.norm(x, "fro"), 5);
        Equal(linalg.norm(x, 2.0), 4);
    }

    [Fact]
    public void Gradients_agree_with_differences()
    {
        var other = tensor(new double[,] { { 0.5, -1 }, { 2, 1.5 } });
        var functions = new Func<Tensor, Tensor>[]
        {
            x => x.mm(other), x => other.mm(x), x => x.matmul(other), x => x.mv(other[0]), x => x.unsqueeze(0).bmm(other.unsqueeze(0)), x => x[0].dot(x[1]),
            x => x[0].outer(x[1]), x => other.addmm(x, x, 0.5f, 2), x => einsum("ij,jk->ki", x, other), x => x.trace(), x => x.matrix_power(3), x => x.inverse(),
            x => linalg.inv(x), x => linalg.solve(x, other), x => linalg.det(x), x => linalg.matrix_norm(x), x => linalg.vector_norm(x), x => linalg.qr(x).Q,
            x => linalg.eigvalsh(x + x.t()), x => linalg.svdvals(x), x => linalg.cholesky((x.t().mm(x)) + eye(2, dtype: ScalarType.Float64)),
        };
        foreach (var function in functions)
            GradientIsRight(function, A, tolerance: 1e-5);
    }

    [Fact]
    public void Singular_matrices_are_errors() =>
        Assert.Contains("linalg_inv", Assert.Throws<System.Runtime.InteropServices.ExternalException>(() => linalg.inv(ones(2, 2))).Message);
}
