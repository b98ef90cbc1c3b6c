using PretrainBench.Core;
using PretrainBench.Optimizers.Benchmark;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Tests;

public class OptimizerBenchmarkTests
{
    [Fact]
    public void Times_steps_and_counts_state()
    {
        using var value = zeros(12, 8).requires_grad_();

        var timing = OptimizerBenchmark.Measure(OptimizerConfig.Default("adamw"),
            [new ModelParameter<Tensor>("w", ParameterRole.HiddenMatrix, value)], warmupSteps: 1, measuredSteps: 3);

        Assert.Equal("adamw", timing.Name);
        Assert.Equal(2 * 12 * 8 * sizeof(float), timing.StateBytes);
        Assert.InRange(timing.MillisecondsPerStep, double.Epsilon, timing.WorstMilliseconds);
        Assert.Equal(timing.MillisecondsPerStep / 100, timing.ShareOf(100));
        Assert.Null(value.grad);
    }
}
