using PretrainBench.Core;
using PretrainBench.Theory.Quadratics;

namespace PretrainBench.Theory.Tests.Quadratics;

public class PowerLawQuadraticTests
{
    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.25, 1)]
    [InlineData(0, 1.6)]
    public void The_closed_form_equals_descent_step_by_step(double power, double stepSize)
    {
        var problem = new PowerLawQuadratic(new SpectralExponents(1.5, 0.5), 30, power, stepSize);
        var distance = Enumerable.Range(1, 30).Select(i => Math.Pow(i, -0.25)).ToArray();
        for (int step = 0; step < 17; step++)
        {
            for (int i = 0; i < 30; i++)
            {
                double eigenvalue = Math.Pow(i + 1, -1.5);
                distance[i] -= stepSize * Math.Pow(eigenvalue, -power) * eigenvalue * distance[i];
            }
        }

        double expected = 0.5 * distance.Take(20).Select((d, i) => Math.Pow(i + 1, -1.5) * d * d).Sum();
        Assert.Equal(expected, problem.OptimizationLoss(20, 17), 1e-12 * expected);
    }

    [Fact]
    public void The_parts_at_the_start_add_up_to_the_loss_of_the_zero_model()
    {
        var problem = new PowerLawQuadratic(new SpectralExponents(1.5, 0.5), 1000);
        Assert.Equal(Math.PI * Math.PI / 12, problem.OptimizationLoss(100, 0) + problem.ApproximationLoss(100), 1e-12);
    }

    [Fact]
    public void Phase_one_follows_the_theorem_with_its_constant()
    {
        // ½cΓ(ω+1)(2ηk)^−ω, Volkova et al., section 6; the tail beyond D is still untouched in phase 1.
        var problem = new PowerLawQuadratic(new SpectralExponents(2, 0.5), 10_000);
        double loss = problem.OptimizationLoss(10_000, 1e4) + problem.ApproximationLoss(10_000);
        Assert.Equal(1, loss / problem.PhaseOnePrediction(1e4), 0.01);
    }

    [Fact]
    public void Phase_two_decays_at_twice_the_slowest_rate()
    {
        var problem = new PowerLawQuadratic(new SpectralExponents(1.5, 0.5), 100);
        double rate = problem.SlowestRate(10), late = 40 / rate;
        double measured = Math.Log(problem.OptimizationLoss(10, late) / problem.OptimizationLoss(10, late + 1));
        Assert.Equal(1, measured / (-2 * Math.Log(1 - rate)), 1e-4);
    }

    [Theory]
    [InlineData(0.5, 0.25, 0, 1.0, "a + b must be above 1")]
    [InlineData(-1, 3, 0, 1.0, "a must be above 0")]
    [InlineData(1.5, 0.5, 1, 1.0, "preconditioner power")]
    [InlineData(1.5, 0.5, 0, 2.0, "diverges")]
    public void Parameters_outside_the_theory_say_which_condition_failed(double a, double b, double p,
        double eta, string part)
    {
        var error = Assert.Throws<UserException>(() => new PowerLawQuadratic(new SpectralExponents(a, b), 10, p, eta));
        Assert.Contains(part, error.Message, StringComparison.Ordinal);
    }
}
