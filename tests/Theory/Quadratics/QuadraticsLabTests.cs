using PretrainBench.Core;
using PretrainBench.Theory.Quadratics;

namespace PretrainBench.Theory.Tests.Quadratics;

public class QuadraticsLabTests
{
    private static readonly QuadraticsResult Result = QuadraticsLab.Run(new QuadraticsConfig());

    [Fact]
    public void Exponents_are_within_three_percent_for_every_pair_in_steps_and_in_width()
    {
        Assert.True(Result.Exponents.Select(e => e.Exponents).Distinct().Count() >= 8);
        Assert.All(Result.Exponents, e => Assert.InRange(e.MeasuredSteps / e.PredictedSteps, 0.97, 1.03));
        Assert.All(Result.Exponents, e => Assert.InRange(e.MeasuredWidth / e.PredictedWidth, 0.97, 1.03));
        Assert.All(Result.Exponents, e => Assert.InRange(e.PrefactorRatio, 0.95, 1.05));
    }

    [Fact]
    public void A_preconditioner_changes_the_exponent_in_steps_and_not_in_width()
    {
        var pairs = Result.Exponents.GroupBy(e => e.Exponents);
        Assert.All(pairs, pair =>
        {
            var plain = pair.Single(e => e.PreconditionerPower == 0);
            var preconditioned = pair.Single(e => e.PreconditionerPower == 0.25);
            Assert.InRange(preconditioned.MeasuredSteps / plain.MeasuredSteps, 0.97 / 0.75, 1.03 / 0.75);
            Assert.Equal(plain.MeasuredWidth, preconditioned.MeasuredWidth, 1e-3);
        });
    }

    [Fact]
    public void Cutting_the_tail_at_D_biases_the_width_exponent_of_slow_spectra()
    {
        var slowest = Result.Exponents.MinBy(e => e.PredictedWidth)!;
        Assert.True(slowest.MeasuredWidthCutAtD > 1.1 * slowest.PredictedWidth);
    }

    [Fact]
    public void The_picture_shows_both_phases()
    {
        Assert.All(Result.Phases.Where(p => p.Width == 10_000 && p.Steps >= 30 && p.SlowestTime < 0.01),
            p => Assert.InRange((p.Optimization + p.Approximation) / p.PhaseOnePrediction, 0.9, 1.1));
        Assert.All(Result.Phases.Where(p => p.SlowestTime > 9),
            p => Assert.True(p.Optimization < 1e-3 * p.PhaseOnePrediction));
    }

    [Fact]
    public void A_step_size_only_rescales_the_steps()
    {
        var config = new OptimizerFamilyConfig { RelativeNoise = 0 };
        var losses = OptimizerFamily.BySteps(config);
        double Loss(string name, double steps)
            => losses.Single(l => l.Optimizer == name && l.Width == 400 && l.Steps == steps).Loss;
        Assert.Equal(Loss("step-0.5", 480), Loss("step-0.25", 960), 2e-4);
        var preconditioned = OptimizerFamily.ByPreconditioner(config);
        Assert.Equal(losses.Where(l => l.Optimizer == "step-0.25").Select(l => l.Loss),
            preconditioned.Where(l => l.Optimizer == "precondition-0").Select(l => l.Loss));
    }

    [Fact]
    public void Shared_exponents_hold_for_step_sizes_and_fail_for_preconditioners()
    {
        var (steps, preconditioners) = (Result.Comparisons[0], Result.Comparisons[1]);
        Assert.True(steps.SharedExponentsHold);
        Assert.True(steps.AiccAdvantage > 2 && steps.SharedError < steps.SeparateError);
        Assert.InRange(steps.Efficiencies["step-0.5"], 1.8, 2.2);
        Assert.InRange(steps.Efficiencies["step-0.75"], 2.7, 3.4);
        Assert.False(preconditioners.SharedExponentsHold);
        Assert.True(preconditioners.AiccAdvantage < -10
            && preconditioners.SharedError > 1.2 * preconditioners.SeparateError);
        Assert.Contains(preconditioners.Verdict,
            sentence => sentence.Contains("AICc prefers per-optimizer", StringComparison.Ordinal));
        Assert.Contains(steps.Verdict, sentence => sentence.Contains("AICc prefers shared", StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_stands_alone() => LabPages.StandsAlone(QuadraticsReport.ToHtml(Result));

    [Fact]
    public void Equal_configurations_give_equal_tables()
    {
        var again = QuadraticsLab.Run(new QuadraticsConfig());
        Assert.Equal(Result.Tables().Select(t => t.ToCsv()), again.Tables().Select(t => t.ToCsv()));
    }

    [Fact]
    public void All_errors_are_reported_at_once()
    {
        var config = new QuadraticsConfig
        {
            A = [0.5],
            B = [0.1],
            PointsPerFit = 2,
            Family = new OptimizerFamilyConfig { Steps = [0, 100], StepSizes = [1, 3] },
        };
        var error = Assert.Throws<UserException>(() => QuadraticsLab.Run(config));
        Assert.Contains("a + b must be above 1", error.Message, StringComparison.Ordinal);
        Assert.Contains("points_per_fit", error.Message, StringComparison.Ordinal);
        Assert.Contains("T = 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("diverges", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_window_too_narrow_for_an_exponent_is_refused()
    {
        var error = Assert.Throws<UserException>(
            () => QuadraticsLab.Run(new QuadraticsConfig { A = [1.25], PreconditionerPowers = [0.6] }));
        Assert.Contains("raise directions or lower p", error.Message, StringComparison.Ordinal);
    }
}
