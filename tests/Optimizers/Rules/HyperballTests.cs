using PretrainBench.Optimizers.Tests.Battery;

namespace PretrainBench.Optimizers.Tests.Rules;

public class HyperballTests
{
    [Theory]
    [InlineData("adamh")]
    [InlineData("muonh")]
    public void Weights_turn_by_the_rate_and_keep_their_norm(string rule)
    {
        const double LearningRate = 0.05;
        var options = RuleRegistry.Get(rule).Defaults() with { LearningRate = LearningRate };
        using var trial = Trial.OfShapes(options, [6, 4], [3, 5]);
        var start = trial.Values();
        var first = trial.Run(0, 1).Values();
        var last = trial.Run(1, 200).Values();

        for (var i = 0; i < start.Length; i++)
        {
            Assert.Equal(Norm(start[i]), Norm(last[i]), tolerance: 1e-5);
            // The chord of an angle whose tangent is at most about the rate.
            var turned = Norm([.. first[i].Zip(start[i], (a, b) => a - b)]) / Norm(start[i]);
            Assert.InRange(turned, 0.5 * LearningRate, 1.1 * LearningRate);
        }
    }

    [Theory]
    [InlineData("adamh")]
    [InlineData("muonh")]
    public void Decay_is_refused(string rule)
        => Assert.Contains((RuleRegistry.Get(rule).Defaults() with { WeightDecay = 0.1 }).Validate(),
            problem => problem.Problem.Contains("norm"));

    private static double Norm(double[] values) => Math.Sqrt(values.Sum(value => value * value));
}
