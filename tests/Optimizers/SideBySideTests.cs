using PretrainBench.Core;
using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests;

/// <summary>Parameters that the cores share among them move as they do one after the other.</summary>
public class SideBySideTests
{
    [Theory]
    [InlineData("muon")]
    [InlineData("scion")]
    [InlineData("shampoo")]
    [InlineData("soap")]
    public void The_result_does_not_depend_on_the_number_of_threads(string rule)
    {
        using var scope = NewDisposeScope();
        var before = get_num_threads();
        try
        {
            foreach (var (one, two) in Trained(rule, threads: 1).Zip(Trained(rule, threads: 2)))
            {
                Assert.True(one.Equals(two), $"off by {one.sub(two).abs().max().ToDouble():E1}");
                Assert.True(one.sub(1).abs().max().ToDouble() > 1e-4, "nothing moved");
            }
        }
        finally
        {
            set_num_threads(before);
        }
    }

    private static IReadOnlyList<Tensor> Trained(string rule, int threads)
    {
        set_num_threads(threads);
        (int Rows, int Columns)[] shapes = [(64, 48), (48, 64), (33, 70), (96, 96), (64, 48)];
        ModelParameter<Tensor>[] parameters = [
            .. shapes.Select(
                (shape, i) =>
                    new ModelParameter<Tensor>($"w{i}", ParameterRole.HiddenMatrix,
                        ones(shape.Rows, shape.Columns).requires_grad_()))];
        using var optimizer =
            new CompositeOptimizer([RuleRegistry.Get(rule).Defaults().Create(new RuleContext(parameters, Seed: 1))]);
        for (var t = 0; t < 12; t++)
        {
            foreach (var (parameter, i) in parameters.Select((parameter, i) => (parameter, i)))
                Gradients.Set(parameter.Value,
                    arange(parameter.Value.numel(),
                        ScalarType.Float32).mul(t + 1 + 0.1 * i).sin().view(parameter.Value.shape));
            optimizer.Step(new OptimizerStep(t, 1));
        }
        return [.. parameters.Select(parameter => parameter.Value.detach())];
    }
}
