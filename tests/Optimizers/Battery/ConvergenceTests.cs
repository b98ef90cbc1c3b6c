using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Battery;

/// <summary>Every rule finds the minimum of easy problems at one of a ladder of learning rates, with a schedule that
/// ends at 0.</summary>
public class ConvergenceTests
{
    private static readonly ScheduleConfig Schedule = new() { Kind = ScheduleKind.Linear, WarmupFraction = 0.02 };

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Converges_on_a_quadratic(string rule)
    {
        // f(W) = ½‖D(W − W*)‖² with curvatures from 1 to 25, and the norm of the start for rules that keep it
        using var curvature_66 =
            tensor([.. Enumerable.Range(0, 36).Select(i => 1 + 4 * i / 35.0)], [6, 6], ScalarType.Float32);
        using var waves_66 = tensor([.. Enumerable.Range(0, 36).Select(i => Math.Cos(i))], [6, 6], ScalarType.Float32);
        using var target_66 = waves_66.mul(6).div(waves_66.norm());

        var best = Best(rule, steps: 200, [6, 6], W => W.sub(target_66).mul(curvature_66).pow(2).sum().mul(0.5));

        Assert.True(best < 0.01, $"the best learning rate reduces the loss to {best:P2} only, not to 1 %");
    }

    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Reaches_the_floor_of_rosenbrocks_valley(string rule)
    {
        // f(x, y) = (1 − x)² + 100(y − x²)², from (−1.2, 1) where it is 24.2; the valley's floor begins at about 4
        var best = Best(rule, steps: 300, [2], p =>
        {
            var (x, y) = (p[0].mul(-1.2), p[1]);
            return x.neg().add(1).pow(2).add(y.sub(x.pow(2)).pow(2).mul(100));
        });

        Assert.True(best < 0.2, $"the best learning rate reduces the loss to {best:P2} only, not to 20 %");
    }

    /// <summary>The smallest final loss over the learning rates, as a fraction of the loss at a start of all
    /// ones.</summary>
    private static double Best(string rule, int steps, long[] shape, Func<Tensor, Tensor> loss)
    {
        var defaults = RuleRegistry.Get(rule).Defaults();
        return new[] { -10, -8, -6, -5, -4, -3, -2, 0, 2 }.Min(power =>
        {
            using var scope = NewDisposeScope();
            var value = ones(shape).requires_grad_();
            var parameter = new ModelParameter<Tensor>("w",
                shape.Length < 2 ? ParameterRole.Bias : ParameterRole.HiddenMatrix, value);
            var options = defaults with { LearningRate = Math.Pow(2, power), WeightDecay = 0 };
            using var optimizer = new CompositeOptimizer([options.Create(new RuleContext([parameter], Seed: 1))]);
            var start = loss(value).item<float>();
            for (var t = 0; t < steps; t++)
                Step(optimizer, value, loss, new OptimizerStep(t, Schedule.Factor(t, steps)));
            optimizer.EnterEvaluation();
            var end = loss(value).item<float>();
            return float.IsFinite(end) ? end / start : double.PositiveInfinity;
        });
    }

    private static void Step(CompositeOptimizer optimizer, Tensor value, Func<Tensor, Tensor> loss, OptimizerStep step)
    {
        using var scope = NewDisposeScope();
        value.grad = null;
        loss(value).backward();
        if (optimizer.WantsSampledGradient(step)) optimizer.ObserveSampledGradient(step, tokenCount: 1);
        optimizer.Step(step);
    }
}
