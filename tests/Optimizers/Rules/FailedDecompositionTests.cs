using PretrainBench.Core;
using PretrainBench.Optimizers.Matrices;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Rules;

public class FailedDecompositionTests
{
    [Theory]
    [InlineData("shampoo", "roots_0_0", 10)]
    [InlineData("soap", "basis_0", 11)]
    public void The_last_good_result_stays_and_the_failure_is_counted(string rule, string quantity, int stepsToDue)
    {
        using var scope = NewDisposeScope();
        var parameter = new ModelParameter<Tensor>("w", ParameterRole.HiddenMatrix, ones(40, 30).requires_grad_());
        using var optimizer =
            new CompositeOptimizer([RuleRegistry.Get(rule).Defaults().Create(new RuleContext([parameter], Seed: 1))]);
        var kept = optimizer.ExportState().Tensors.Single(
            entry => entry.Key.EndsWith($"w/{quantity}", StringComparison.Ordinal)).Value;
        for (var t = 0; t < stepsToDue; t++) Step(optimizer, parameter, t, finite: true);
        var good = kept.clone();

        for (var t = stepsToDue; t < stepsToDue + 10; t++) Step(optimizer, parameter, t, finite: false);

        Assert.Equal(2, optimizer.Counters[DecompositionFailures.Name]);
        Assert.True(good.isfinite().all().item<bool>());
        Assert.True(kept.eq(good).all().item<bool>());
    }

    private static void Step(CompositeOptimizer optimizer, ModelParameter<Tensor> parameter, int t, bool finite)
    {
        var gradient = arange(40 * 30, ScalarType.Float32).mul(t + 1).sin().view(40, 30);
        Gradients.Set(parameter.Value, finite ? gradient : gradient.mul(double.NaN));
        optimizer.Step(new OptimizerStep(t, 1));
    }
}
