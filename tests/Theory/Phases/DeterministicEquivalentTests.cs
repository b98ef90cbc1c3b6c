using System.Numerics;
using MathNet.Numerics;
using PretrainBench.Theory.Phases;

namespace PretrainBench.Theory.Tests.Phases;

public class DeterministicEquivalentTests
{
    private static readonly PowerLawPoint Point = new(.75, .25);

    [Theory]
    [InlineData(50)]
    [InlineData(4000)]
    public void Sums_by_quadrature_equal_sums_term_by_term(int features)
    {
        var spectrum = new PowerLawSpectrum(Point, features);
        var s = new Complex(-300, 800);
        Complex first = 0, second = 0, target = 0;
        for (int j = features; j >= 1; j--)
        {
            double eigenvalue = Math.Pow(j, -1.5);
            var inverse = 1 / (1 + eigenvalue * s);
            first += eigenvalue * inverse;
            second += eigenvalue * inverse * inverse;
            target += Math.Pow(j, -2) * inverse;
        }

        var (gotFirst, gotSecond) = spectrum.ResolventSums(s);
        Assert.True(Complex.Abs(gotFirst - first) < 1e-5 * Complex.Abs(first));
        Assert.True(Complex.Abs(gotSecond - second) < 1e-5 * Complex.Abs(second));
        Assert.True(Complex.Abs(spectrum.TargetSum(s) - target) < 1e-5 * Complex.Abs(target));
    }

    [Fact]
    public void The_resolvent_solves_its_equation_on_the_right_branch()
    {
        var resolvent = new DeterministicResolvent(new PowerLawSpectrum(Point, 2000), 200);
        foreach (double size in new[] { 1.0, .1, 1e-3, 1e-5 })
        {
            var z = size * new Complex(.6, .8);
            var (_, kernel) = resolvent.At(z);
            // kernel = d z (1 − m); then m + (1/d) Σ λm/(λm − z) = 1.
            var m = 1 - kernel / (200 * z);
            Complex sum = 0;
            for (int j = 1; j <= 2000; j++)
            {
                double eigenvalue = Math.Pow(j, -1.5);
                sum += eigenvalue * m / (eigenvalue * m - z);
            }

            Assert.True(Complex.Abs(m + sum / 200 - 1) < 1e-5);
            Assert.True((-m / z).Imaginary > 0);
        }
    }

    [Fact]
    public void A_long_jump_and_a_short_path_end_at_the_same_root()
    {
        var spectrum = new PowerLawSpectrum(new PowerLawPoint(.27, .7), 1e7);
        var direct = new DeterministicResolvent(spectrum, 1e6);
        var stepped = new DeterministicResolvent(spectrum, 1e6);
        var end = 1e-9 * new Complex(.5, -.9);
        for (double size = 1; size > 1.2e-9; size /= 1.1) stepped.At(size * new Complex(.5, -.9));
        Assert.True(Complex.Abs(direct.At(end).Forcing / stepped.At(end).Forcing - 1) < 1e-9);
    }

    [Fact]
    public void The_loss_falls_to_a_floor_and_rises_with_nothing()
    {
        double[] losses = DeterministicLoss.At(Point, 100, 10, .75, 1, Generate.LogSpaced(40, Math.Log10(15), 9));
        Assert.All(losses.Zip(losses.Skip(1)), pair => Assert.True(pair.Second <= pair.First * (1 + 1e-9)));
        Assert.Equal(1, losses[^1] / losses[^4], 1e-6);
    }

    [Fact]
    public void A_width_at_which_sgd_diverges_has_infinite_loss()
        => Assert.Equal(double.PositiveInfinity,
            DeterministicLoss.At(new PowerLawPoint(1.25, .75), 10, 10, .75, 1, [100])[0]);

    [Fact]
    public void Late_loss_of_phase_Ia_is_the_floor_over_one_minus_the_kernel()
    {
        // P_∞ = F_0/(1 − ‖K‖): with the step size shrunk, ‖K‖ → scale/2 and the floor alone is left.
        double large = DeterministicLoss.At(Point, 200, 10, .75, 1, [1e9])[0];
        double small = DeterministicLoss.At(Point, 200, 10, 1e-3, 1, [1e12])[0];
        double norm = StepSize.KernelNorm(Point, 2000, StepSize.Of(Point, 2000, .75), 1);
        Assert.Equal(1, large / small * (1 - norm), 0.01);
    }
}
