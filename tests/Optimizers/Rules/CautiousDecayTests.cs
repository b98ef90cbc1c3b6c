using PretrainBench.Core;
using PretrainBench.Optimizers.Rules;
using PretrainBench.Optimizers.Tests.Battery;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Rules;

public class CautiousDecayTests
{
    private static readonly Dictionary<string, RuleOptions> OwnDecay = new()
    {
        ["adafactor"] = new AdafactorOptions(),
        ["prodigy"] = new ProdigyOptions(),
        ["schedule-free-adamw"] = new ScheduleFreeAdamWOptions(),
    };

    /// <summary>A step with cautious decay is the step without decay, and then only weights that it moved towards zero
    /// (or not) shrink.</summary>
    [Theory]
    [MemberData(nameof(RegisteredRules.Names), MemberType = typeof(RegisteredRules))]
    public void Shrinks_what_the_step_shrinks(string rule)
    {
        var options = RuleRegistry.Get(rule).Defaults() with
        {
            LearningRate = 0.01,
            WeightDecayKind = WeightDecayKind.Cautious,
        };
        if (options.Validate().Any()) return;
        using var plain = Trial.OfShapes(options with { WeightDecay = 0 }, [6, 4], [3, 5]);
        using var cautious = Trial.OfShapes(options with { WeightDecay = 0.5 }, [6, 4], [3, 5]);
        if (cautious.Optimizer.Rules[0].Options.Validate().Any()) return;

        var before = plain.Values();
        var (moved, decayed) = (plain.Run(0, 1).Values(), cautious.Run(0, 1).Values());

        for (var i = 0; i < before.Length; i++)
            for (var j = 0; j < before[i].Length; j++)
            {
                var agrees = (before[i][j] - moved[i][j]) * before[i][j] >= 0;
                Assert.Equal(moved[i][j] - (agrees ? 0.005 * before[i][j] : 0), decayed[i][j],
                    tolerance: 1e-6);
            }
    }

    [Fact]
    public void Rules_whose_decay_is_not_the_rates_refuse_it()
        => Assert.All(OwnDecay.Values, options => Assert.Contains(
            (options with { WeightDecayKind = WeightDecayKind.Cautious }).Validate(),
            problem => problem.Problem.Contains("cautious")));

    [Fact]
    public void A_parameter_of_lower_precision_is_rounded_from_the_decayed_weights()
    {
        using var value = full([4, 3], 1, dtype: ScalarType.BFloat16).requires_grad_();
        var parameter = new ModelParameter<Tensor>("w", ParameterRole.HiddenMatrix, value);
        var options = new SgdOptions
        {
            LearningRate = 0.25,
            WeightDecay = 1,
            WeightDecayKind = WeightDecayKind.Cautious,
        };
        using var optimizer = new CompositeOptimizer([options.Create(new RuleContext([parameter], Seed: 1))]);
        Gradients.Set(value, full([4, 3], 1, dtype: ScalarType.BFloat16));
        optimizer.Step(new OptimizerStep(0, 1));

        Assert.All(Trial.Numbers(value), number => Assert.Equal(0.5, number));
    }
}
