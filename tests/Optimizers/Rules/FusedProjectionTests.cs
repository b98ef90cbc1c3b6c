using PretrainBench.Core;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Rules;

public class FusedProjectionTests
{
    [Theory]
    [InlineData("muon")]
    [InlineData("normuon")]
    [InlineData("adamh")]
    [InlineData("muonh")]
    [InlineData("soap-muon")]
    [InlineData("dion2")]
    [InlineData("scion")]
    public void A_fused_projection_moves_as_its_three_matrices_apart(string rule)
    {
        using var scope = NewDisposeScope();
        var start = tensor([.. Enumerable.Range(0, 9 * 5).Select(i => Math.Sin(i * i))], [9, 5], ScalarType.Float64);
        var gradient =
            tensor([.. Enumerable.Range(0, 9 * 5).Select(i => Math.Cos(i * i + 2))], [9, 5], ScalarType.Float64);

        var fused = Step(rule, [("qkv", start, gradient, 3)])[0];
        var apart = Step(rule,
            [.. Enumerable.Range(0, 3)
                .Select(i => ($"m{i}", start.narrow(0, 3 * i, 3), gradient.narrow(0, 3 * i, 3), 1))]);
        var whole = Step(rule, [("qkv", start, gradient, 1)])[0];

        Assert.True(fused.allclose(cat(apart, 0), rtol: 0, atol: 1e-13));
        Assert.False(fused.allclose(whole, rtol: 0, atol: 1e-6));
    }

    private static Tensor[] Step(string rule, (string Name, Tensor Start, Tensor Gradient, int Blocks)[] parts)
    {
        ModelParameter<Tensor>[] parameters = [.. parts.Select(part =>
            new ModelParameter<Tensor>(part.Name, ParameterRole.HiddenMatrix, part.Start.clone().requires_grad_(),
                part.Blocks))];
        foreach (var (parameter, part) in parameters.Zip(parts)) Gradients.Set(parameter.Value, part.Gradient.clone());
        using var optimizer =
            new CompositeOptimizer([RuleRegistry.Get(rule).Defaults().Create(new RuleContext(parameters, Seed: 1))]);
        optimizer.Step(new OptimizerStep(0, 1));
        return [.. parameters.Select(parameter => parameter.Value.detach())];
    }
}
