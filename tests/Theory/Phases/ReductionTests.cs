using PretrainBench.Core;
using PretrainBench.Theory.Phases;

namespace PretrainBench.Theory.Tests.Phases;

/// <summary>Each step of the reduction v-dimensional SGD → d dimensions → mean recursion → Volterra → transform,
/// against the one before.</summary>
public class ReductionTests
{
    private static readonly PowerLawPoint Point = new(.75, .25);

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Sgd_on_v_dimensional_samples_has_the_mean_of_the_recursion(int batch)
    {
        const int Width = 5, Features = 20, Steps = 25, Runs = 20_000;
        double[] sketch = new NormalSource(3, "test:sketch").Normals(Features * Width);
        for (int i = 0; i < sketch.Length; i++) sketch[i] /= Math.Sqrt(Width);
        double gamma = StepSize.Of(Point, Features, .4 / batch);
        var mean = new MeanRecursion(SketchSpectrum.Of(GramOf(sketch, Width, Features)), batch);
        for (int step = 0; step < Steps; step++) mean.Step(MomentumRule.Sgd(gamma));

        double sum = 0, squares = 0;
        var source = new NormalSource(4, "test:samples");
        for (int run = 0; run < Runs; run++)
        {
            double loss = DirectRun(sketch, Width, Features, gamma, batch, Steps, source);
            sum += loss;
            squares += loss * loss;
        }

        double average = sum / Runs, error = Math.Sqrt((squares / Runs - average * average) / Runs);
        Assert.InRange(average, mean.Loss - 5 * error, mean.Loss + 5 * error);
        Assert.True(error < .02 * average);
    }

    [Fact]
    public void The_recursion_solves_the_volterra_equation()
    {
        const int Batch = 2, Steps = 200;
        var spectrum = SketchSpectrum.Draw(Point, 12, 60, 1);
        double gamma = StepSize.Of(Point, 60, .5);
        double Power(double z, int r)
            => Math.Pow(1 - 2 * gamma * Batch * z + gamma * gamma * Batch * (Batch + 1) * z * z, r);
        var losses = new double[Steps];
        for (int r = 0; r < Steps; r++)
        {
            losses[r] = spectrum.IrreducibleLoss + Enumerable.Range(0, 12)
                .Sum(i => spectrum.TargetEnergies[i] * Power(spectrum.Eigenvalues[i], r));
            for (int s = 0; s < r; s++)
                losses[r] += gamma * gamma * Batch
                    * spectrum.Eigenvalues.Sum(z => z * z * Power(z, r - 1 - s)) * losses[s];
        }

        var mean = new MeanRecursion(spectrum, Batch);
        foreach (double loss in losses)
        {
            Assert.Equal(loss, mean.Loss, 1e-12);
            mean.Step(MomentumRule.Sgd(gamma));
        }
    }

    [Theory]
    [InlineData(1, .75)]
    [InlineData(4, .3)]
    public void The_inverse_transform_equals_the_recursion(int batch, double scale)
    {
        var spectrum = SketchSpectrum.Draw(Point, 60, 600, 1);
        double gamma = StepSize.Of(Point, 600, scale);
        var transform = new VolterraTransform(() => new SampledResolvent(spectrum), gamma, batch);
        var mean = new MeanRecursion(spectrum, batch);
        for (int step = 1; step <= 30_000; step++)
        {
            mean.Step(MomentumRule.Sgd(gamma));
            if (step is 20 or 100 or 1000 or 30_000) Assert.Equal(1, transform.Loss(step) / mean.Loss, 1e-8);
        }
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("momentum")]
    [InlineData("dana-constant")]
    [InlineData("dana-decaying")]
    public void Simulated_rules_have_the_mean_of_their_recursion(string rule)
    {
        const int Width = 20, Steps = 40, Runs = 8000, Batch = 2;
        var spectrum = SketchSpectrum.Draw(Point, Width, 100, 2);
        double gamma = StepSize.Of(Point, 100, .2);
        var chosen = rule switch
        {
            "sgd" => MomentumRule.Sgd(gamma),
            "momentum" => MomentumRule.HeavyBall(gamma, .8),
            "dana-constant" => MomentumRule.DanaConstant(gamma, .5, Width),
            _ => MomentumRule.DanaDecaying(gamma, .5, Point.Alpha),
        };
        var mean = new MeanRecursion(spectrum, Batch);
        for (int step = 0; step < Steps; step++) mean.Step(chosen);
        double sum = 0, squares = 0;
        for (int run = 0; run < Runs; run++)
        {
            var simulation = new OnePassSimulation(spectrum, Batch, 9, run);
            for (int step = 0; step < Steps; step++) simulation.Step(chosen);
            sum += simulation.Loss;
            squares += simulation.Loss * simulation.Loss;
        }

        double average = sum / Runs, error = Math.Sqrt((squares / Runs - average * average) / Runs);
        Assert.InRange(average, mean.Loss - 5 * error, mean.Loss + 5 * error);
        Assert.True(error < .02 * average);
    }

    [Fact]
    public void The_plain_step_and_the_rule_without_momentum_are_the_same()
    {
        var spectrum = SketchSpectrum.Draw(Point, 33, 100, 2);
        var (plain, ruled) = (new OnePassSimulation(spectrum, 2, 1, 0), new OnePassSimulation(spectrum, 2, 1, 0));
        for (int step = 0; step < 50; step++)
        {
            plain.StepSgd(.1);
            ruled.Step(MomentumRule.Sgd(.1));
            Assert.Equal(plain.Loss, ruled.Loss, 1e-12);
        }
    }

    [Fact]
    public void The_deterministic_limit_is_the_mean_over_sketches()
    {
        var checks = DeterministicCheck.Of(Point, 150, 10, .75, 1, 16, 1);
        Assert.All(checks, c => Assert.InRange(c.Deterministic - c.Sampled, -4 * c.StandardError, 4 * c.StandardError));
        Assert.All(checks, c => Assert.InRange(c.Deterministic / c.Sampled, .95, 1.05));
    }

    [Fact]
    public void Sign_sgd_starts_at_the_targets_variance_and_learns()
    {
        var gram = SketchGram.Draw(Point, 20, 100, 1, 0);
        var simulation = new SignSgdSimulation(gram);
        Assert.Equal(gram.TargetVariance, simulation.Train(1e-12, 1, new NormalSource(1, "t"), default), 1e-9);
        double trained = simulation.Train(.03, 2000, new NormalSource(1, "t"), default);
        Assert.InRange(trained, SketchSpectrum.Of(gram).IrreducibleLoss, .5 * gram.TargetVariance);
    }

    private static SketchGram GramOf(double[] sketch, int width, int features)
    {
        var covariance = new double[width * width];
        var slopes = new double[width];
        double variance = 0;
        for (int j = 0; j < features; j++)
        {
            double scale = Math.Pow(j + 1, -2 * Point.Alpha), target = Math.Pow(j + 1, -Point.Beta);
            variance += scale * target * target;
            for (int a = 0; a < width; a++)
            {
                slopes[a] += scale * target * sketch[j * width + a];
                for (int b = 0; b < width; b++)
                    covariance[a * width + b] += scale * sketch[j * width + a] * sketch[j * width + b];
            }
        }

        return new SketchGram(covariance, slopes, variance);
    }

    /// <summary>The model of the paper, word for word: v-dimensional samples, features Wᵀx, the sum over the
    /// batch.</summary>
    private static double DirectRun(double[] sketch, int width, int features, double gamma, int batch, int steps,
        NormalSource source)
    {
        var (theta, gradient, projected, x) =
            (new double[width], new double[width], new double[width], new double[features]);
        for (int step = 0; step < steps; step++)
        {
            Array.Clear(gradient);
            for (int sample = 0; sample < batch; sample++)
            {
                source.Fill(x);
                double residual = 0;
                Array.Clear(projected);
                for (int j = 0; j < features; j++)
                {
                    x[j] *= Math.Pow(j + 1, -Point.Alpha);
                    residual -= x[j] * Math.Pow(j + 1, -Point.Beta);
                    for (int a = 0; a < width; a++) projected[a] += sketch[j * width + a] * x[j];
                }

                for (int a = 0; a < width; a++) residual += projected[a] * theta[a];
                for (int a = 0; a < width; a++) gradient[a] += projected[a] * residual;
            }

            for (int a = 0; a < width; a++) theta[a] -= gamma * gradient[a];
        }

        double loss = 0;
        for (int j = 0; j < features; j++)
        {
            double gap = -Math.Pow(j + 1, -Point.Beta);
            for (int a = 0; a < width; a++) gap += sketch[j * width + a] * theta[a];
            loss += Math.Pow(j + 1, -2 * Point.Alpha) * gap * gap;
        }

        return loss;
    }
}
