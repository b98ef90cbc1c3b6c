using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Compat.Tests.Contract.Torch;

/// <summary>One scope per test, and comparisons of tensors with numbers.</summary>
public abstract class TorchContract : IDisposable
{
    private readonly DisposeScope _scope = NewDisposeScope();

    public void Dispose()
    {
        _scope.Dispose();
        GC.SuppressFinalize(this);
    }

    protected static Tensor Reals(params double[] values) => tensor(values);

    /// <summary>The matrix [[1, 2], [3, 4]] in float64.</summary>
    protected static Tensor Square2() => tensor(new double[,] { { 1, 2 }, { 3, 4 } });

    /// <summary>The matrix [[0, 1, 2], [3, 4, 5]] in float64.</summary>
    protected static Tensor TwoByThree() => arange(6, ScalarType.Float64).view(2, 3);

    protected static double[] Values(Tensor tensor) => tensor.detach().to(ScalarType.Float64).contiguous().data<double>().ToArray();

    protected static void Equal(Tensor actual, params double[] expected) => Close(1e-12, actual, expected);

    protected static void Close(double tolerance, Tensor actual, params double[] expected)
    {
        var values = Values(actual);
        Assert.Equal(expected.Length, values.Length);
        for (var i = 0; i < values.Length; i++)
        {
            if (double.IsFinite(expected[i]))
                Assert.True(Math.Abs(values[i] - expected[i]) <= tolerance * Math.Max(1, Math.Abs(expected[i])), $"element {i}: {values[i]} instead of {expected[i]}");
            else
                Assert.Equal(expected[i], values[i]);
        }
    }

    protected static void Shape(Tensor actual, params long[] expected) => Assert.Equal(expected, actual.shape);

    /// <summary>The gradient of sum(f(x) * weights) by central differences in float64, against autograd.</summary>
    protected static void GradientIsRight(Func<Tensor, Tensor> f, Tensor at, double step = 1e-6, double tolerance = 1e-6)
    {
        var x = at.to(ScalarType.Float64).detach().clone().requires_grad_();
        var y = f(x);
        using var generator = new Generator(7);
        var weights = rand(y.shape, ScalarType.Float64, generator: generator);
        y.mul(weights).sum().backward();
        var analytic = Values(x.grad!);
        var point = Values(x);
        using var off = no_grad();
        for (var i = 0; i < point.Length; i++)
        {
            double At(double delta)
            {
                using var inner = NewDisposeScope();
                var moved = (double[])point.Clone();
                moved[i] += delta;
                return f(tensor(moved).view(x.shape)).mul(weights).sum().item<double>();
            }

            var numeric = (At(step) - At(-step)) / (2 * step);
            Assert.True(Math.Abs(numeric - analytic[i]) <= tolerance * Math.Max(1, Math.Abs(numeric)), $"element {i}: {analytic[i]} by autograd, {numeric} by differences");
        }
    }
}
