using PretrainBench.Core;
using PretrainBench.Optimizers.Matrices;
using PretrainBench.Optimizers.Rules;
using PretrainBench.Optimizers.Tests.Battery;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests.Matrices;

/// <summary>Stacks of one shape give what matrices give one after the other.</summary>
[Collection(nameof(LeakTests))]
public class OrthogonalStepsTests
{
    // Two shapes, one of them also as parts of a fused projection, a transposed one, and a tensor of three dimensions.
    private static readonly (long[] Shape, int Blocks)[] Parameters =
        [([6, 9], 1), ([18, 9], 3), ([9, 6], 1), ([6, 9], 1), ([6, 3, 3], 1), ([1, 9], 1)];

    [Theory]
    [InlineData("muon", ScalarType.Float64, 1e-13)]
    [InlineData("scion", ScalarType.Float64, 1e-13)]
    [InlineData("muon", ScalarType.Float32, 1e-5)]
    [InlineData("scion", ScalarType.Float32, 1e-5)]
    [InlineData("muon", ScalarType.BFloat16, 1e-2)]
    public void Stacked_steps_are_those_of_single_matrices(string rule, ScalarType type, double tolerance)
    {
        using var single = new Trial(rule, type, stacks: false);
        using var stacked = new Trial(rule, type, stacks: true);
        for (var t = 0; t < 5; t++)
        {
            single.Step(t);
            stacked.Step(t);
        }

        using var scope = NewDisposeScope();
        foreach (var (one, other) in single.Values.Zip(stacked.Values))
        {
            Assert.True(one.allclose(other, rtol: tolerance, atol: tolerance),
                $"off by {one.sub(other).abs().max().item<double>():E1}");
            Assert.True(one.sub(1).abs().max().item<double>() > 1e-3, "nothing moved");
        }
    }

    [Fact]
    public void Stacks_keep_no_tensors_alive()
    {
        using var scope = NewDisposeScope();
        using var trial = new Trial("muon", ScalarType.Float32, stacks: true);
        trial.Step(0);
        var before = LeakTests.LiveTensors();
        using var inner = NewDisposeScope();
        for (var t = 1; t < 10; t++) trial.Step(t);
        inner.DisposeEverything();

        Assert.Equal(before, Tensor.TotalCount);
    }

    private sealed class Trial : IDisposable
    {
        private readonly ModelParameter<Tensor>[] _parameters;
        private readonly CompositeOptimizer _optimizer;

        public Trial(string rule, ScalarType type, bool stacks)
        {
            _parameters = [.. Parameters.Select((parameter, i) => new ModelParameter<Tensor>(
                $"p{i}", ParameterRole.HiddenMatrix, ones(parameter.Shape, type).requires_grad_(), parameter.Blocks))];
            // In 32 bits, so that processors with fast bfloat16 do not hide differences.
            var orthogonalisation = new OrthogonalisationOptions
            {
                StackSameShapes = stacks,
                IterationType = IterationType.Parameter,
            };
            RuleOptions options = rule == "muon"
                ? new MuonOptions { Orthogonalisation = orthogonalisation }
                : new ScionOptions { Orthogonalisation = orthogonalisation };
            _optimizer = new CompositeOptimizer([options.Create(new RuleContext(_parameters, Seed: 1))]);
        }

        public IEnumerable<Tensor> Values
            => _parameters.Select(parameter => parameter.Value.detach().to_type(ScalarType.Float64));

        public void Step(int t)
        {
            using var scope = NewDisposeScope();
            foreach (var (parameter, i) in _parameters.Select((parameter, i) => (parameter, i)))
            {
                var count = (int)parameter.Value.numel();
                var numbers = tensor(
                    [.. Enumerable.Range(0, count).Select(k => Math.Sin(k * k + 5.3 * i + 1.7 * t + 1))],
                    parameter.Value.shape, ScalarType.Float64);
                Gradients.Set(parameter.Value, numbers.to_type(parameter.Value.dtype));
            }
            _optimizer.Step(new OptimizerStep(t, 1));
        }

        public void Dispose()
        {
            _optimizer.Dispose();
            foreach (var parameter in _parameters) parameter.Value.Dispose();
        }
    }
}
