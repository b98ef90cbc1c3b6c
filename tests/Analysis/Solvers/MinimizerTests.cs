using PretrainBench.Analysis.Solvers;

namespace PretrainBench.Analysis.Tests.Solvers;

public class MinimizerTests
{
    [Fact]
    public void Non_negative_least_squares_meets_its_optimality_conditions()
    {
        var random = new Random(3);
        for (int round = 0; round < 300; round++)
        {
            int n = 2 + random.Next(7), m = n + 5;
            double[,] phi = new double[m, n];
            double[] y = new double[m], gram = new double[n * n], h = new double[n], c = new double[n];
            for (int i = 0; i < m; i++)
            {
                y[i] = Fixtures.Gaussian(random);
                for (int j = 0; j < n; j++) phi[i, j] = Fixtures.Gaussian(random);
            }
            for (int j = 0; j < n; j++)
            {
                for (int i = 0; i < m; i++) h[j] += phi[i, j] * y[i];
                for (int k = 0; k < n; k++)
                    for (int i = 0; i < m; i++) gram[j * n + k] += phi[i, j] * phi[i, k];
            }
            new NonNegativeLeastSquares(n).Solve(gram, h, n, c);
            var reversed = new double[n];
            new NonNegativeLeastSquares(n, [.. Enumerable.Range(0, n).Reverse()]).Solve(gram, h, n, reversed);
            Assert.All(c.Zip(reversed), pair => Assert.Equal(pair.First, pair.Second, 1e-8));
            for (int j = 0; j < n; j++)
            {
                double slope = h[j];
                for (int k = 0; k < n; k++) slope -= gram[j * n + k] * c[k];
                Assert.True(c[j] >= 0);
                if (c[j] > 0) Assert.Equal(0, slope, 1e-8);
                else Assert.True(slope < 1e-8);
            }
        }
    }

    [Fact]
    public void Bfgs_descends_rosenbrocks_valley()
    {
        var x = new[] { -1.2, 1.0 };
        var result = new LimitedMemoryBfgs(2).Minimize(new Rosenbrock(), x, 200, 1e-14);
        Assert.Equal(1, x[0], 1e-5);
        Assert.Equal(1, x[1], 1e-5);
        Assert.True(result.Iterations < 60);
    }

    [Fact]
    public void The_robust_objectives_derivatives_are_its_differences()
    {
        var fit = new PreparedFit(Fixtures.Synthetic(0.01, 2, 3).Rows, Fixtures.Law("shared"), new());
        var objective = new LogHuberObjective(fit.Parts[0].Data, 3e-3);
        int n = objective.Dimension;
        double[] x = [.. Enumerable.Range(0, n).Select(i => i == 0 ? 0.55 : i < n - 2 ? -1.0 - 0.1 * i : 0.3)];
        double[] gradient = new double[n], hessian = new double[n * n], up = new double[n], down = new double[n];
        objective.Evaluate(x, gradient, hessian);
        for (int i = 0; i < n; i++)
        {
            const double step = 1e-6;
            double[] above = [.. x], below = [.. x];
            (above[i], below[i]) = (x[i] + step, x[i] - step);
            double slope = (objective.Evaluate(above, up) - objective.Evaluate(below, down)) / (2 * step);
            Assert.Equal(slope, gradient[i], 1e-5 * Math.Max(1, Math.Abs(slope)));
            // Differences of the gradient cross kinks of the Huber loss here and there, which the Hessian does not see.
            for (int j = 0; j < n; j++)
                Assert.Equal((up[j] - down[j]) / (2 * step), hessian[i * n + j],
                    0.02 * Math.Max(1, Math.Abs(hessian[i * n + i])));
        }
    }

    private sealed class Rosenbrock : IObjective
    {
        public int Dimension => 2;

        public double Evaluate(ReadOnlySpan<double> x, Span<double> gradient)
        {
            double a = 1 - x[0], b = x[1] - x[0] * x[0];
            gradient[0] = -2 * a - 400 * x[0] * b;
            gradient[1] = 200 * b;
            return a * a + 100 * b * b;
        }
    }
}
