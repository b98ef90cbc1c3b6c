using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Matrices;

public class NewtonSchulzTests
{
    [Theory]
    [InlineData(CoefficientSet.Quintic, 5, 0.35)]
    [InlineData(CoefficientSet.PolarExpress, 5, 0.2)]
    [InlineData(CoefficientSet.TunedQuintic, 5, 0.1)]
    [InlineData(CoefficientSet.Convergent, 30, 1e-9)]
    [InlineData(CoefficientSet.EagerConvergent, 60, 1e-9)]
    public void Singular_values_end_near_one(CoefficientSet set, int steps, double spread)
    {
        using var scope = NewDisposeScope();
        var options = new OrthogonalisationOptions { Coefficients = set, Steps = steps };

        var values = linalg.svdvals(NewtonSchulz.Orthogonalise(Random(12, 40), options)).data<double>().ToArray();

        Assert.All(values, value => Assert.InRange(value, 1 - spread, 1 + spread));
    }

    [Fact]
    public void A_stack_is_orthogonalised_matrix_by_matrix()
    {
        using var scope = NewDisposeScope();
        Tensor[] matrices = [Random(6, 9), Random(6, 9).mul(0.01)];

        var stack = NewtonSchulz.Orthogonalise(stack_(matrices), new OrthogonalisationOptions());

        for (var i = 0; i < matrices.Length; i++)
            Assert.True(
                stack[i].allclose(NewtonSchulz.Orthogonalise(matrices[i], new OrthogonalisationOptions()), rtol: 0,
                    atol: 1e-12));
    }

    [Theory]
    [InlineData(IterationType.Fp32, 1e-5)]
    [InlineData(IterationType.Bf16, 0.15)]
    public void Coarser_types_stay_near_64_bits(IterationType type, double tolerance)
    {
        using var scope = NewDisposeScope();
        var matrix = Random(32, 48);
        var exact = NewtonSchulz.Orthogonalise(matrix, new OrthogonalisationOptions());

        var coarse = NewtonSchulz.Orthogonalise(matrix.to_type(ScalarType.Float32),
            new OrthogonalisationOptions { IterationType = type });

        Assert.Equal(ScalarType.Float32, coarse.dtype);
        Assert.True(coarse.sub(exact).norm().div(exact.norm()).item<double>() < tolerance);
    }

    [Theory]
    [InlineData(CoefficientSet.Quintic, 5)]
    [InlineData(CoefficientSet.PolarExpress, 4)]
    [InlineData(CoefficientSet.Convergent, 7)]
    public void Oblong_matrices_give_what_the_plain_steps_give(CoefficientSet set, int steps)
    {
        using var scope = NewDisposeScope();
        var options = new OrthogonalisationOptions { Coefficients = set, Steps = steps };
        // Singular values down to a millionth: where steps on the small side alone would lose digits.
        var matrix = Random(24, 24).mul(pow(10, linspace(0, -6, 24, ScalarType.Float64))).mm(Random(24, 90));
        var expected = matrix.div(matrix.norm().mul(options.ResolvedNormFactor).add(options.ResolvedEpsilon));
        for (var step = 0; step < steps; step++)
        {
            var ((a, b, c), gram) = (options.Triple(step), expected.mm(expected.mT));
            expected = expected.mul(a).add(gram.mul(b).add(gram.mm(gram).mul(c)).mm(expected));
        }

        foreach (var (type, tolerance) in new[] { (ScalarType.Float64, 1e-11), (ScalarType.Float32, 1e-4) })
        {
            var wide = NewtonSchulz.Orthogonalise(matrix.to_type(type), options);
            var tall = NewtonSchulz.Orthogonalise(matrix.mT.to_type(type), options);
            Assert.InRange(wide.sub(expected).abs().max().to_type(ScalarType.Float64).item<double>(), 0, tolerance);
            Assert.InRange(tall.mT.sub(wide).abs().max().to_type(ScalarType.Float64).item<double>(), 0, 1e-6);
        }
    }

    [Fact]
    public void The_maximum_guard_leaves_the_norm_alone_above_it()
    {
        using var scope = NewDisposeScope();
        var matrix = Random(4, 4);
        var guarded = new OrthogonalisationOptions { NormGuard = NormGuard.Maximum, Epsilon = 1e-3 };

        Assert.True(
            NewtonSchulz.Orthogonalise(matrix, guarded).allclose(NewtonSchulz.Orthogonalise(matrix.mul(7), guarded),
                rtol: 0, atol: 1e-12));
    }

    private static Tensor stack_(Tensor[] matrices) => stack(matrices, 0);

    private static Tensor Random(int rows, int columns)
        => tensor([.. Enumerable.Range(1, rows * columns).Select(i => Math.Sin(1.3 * i * i + i))], [rows, columns],
            ScalarType.Float64);
}
