using System.Diagnostics;
using PretrainBench.Core;
using PretrainBench.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Benchmark;

/// <summary>What one optimizer costs on given parameters.</summary>
/// <param name="Name">The main rule.</param>
/// <param name="MillisecondsPerStep">Mean over the measured steps, which cover whole periods of ten.</param>
/// <param name="WorstMilliseconds">The slowest step: where roots and bases are renewed.</param>
/// <param name="FlopsPerStep">Floating-point operations beyond a few per parameter.</param>
public sealed record OptimizerTiming(string Name, double MillisecondsPerStep, double WorstMilliseconds, long StateBytes,
    double FlopsPerStep)
{
    /// <summary>The cost as a share of a forward and backward pass.</summary>
    /// <param name="forwardBackwardMilliseconds">What the pass takes on the same machine.</param>
    public double ShareOf(double forwardBackwardMilliseconds) => MillisecondsPerStep / forwardBackwardMilliseconds;
}

/// <summary>Times optimizer steps on a model's parameters with random gradients; the parameters' values
/// change.</summary>
public static class OptimizerBenchmark
{
    /// <summary>Steps before the clock starts: enough that every rule has its first roots.</summary>
    public const int WarmupSteps = 10;

    /// <summary>Measured steps: two periods of the default frequencies.</summary>
    public const int MeasuredSteps = 20;

    /// <summary>Times one optimizer.</summary>
    /// <param name="parameters">The parameters, whose gradients are overwritten and cleared in the end.</param>
    /// <param name="warmupSteps">Steps before the clock starts.</param>
    public static OptimizerTiming Measure(OptimizerConfig config, IReadOnlyList<ModelParameter<Tensor>> parameters,
        int warmupSteps = WarmupSteps, int measuredSteps = MeasuredSteps)
    {
        using var optimizer = config.Create(parameters, seed: 0);
        using var generator = new Generator(0, CPU);
        var milliseconds = new List<double>();
        using var pause = CollectionPause.Begin();
        for (var t = 0; t < warmupSteps + measuredSteps; t++)
        {
            pause.Renew();
            SetGradients(parameters, generator);
            var clock = Stopwatch.StartNew();
            optimizer.Step(new OptimizerStep(t, 1));
            Synchronise(parameters);
            if (t >= warmupSteps) milliseconds.Add(clock.Elapsed.TotalMilliseconds);
        }
        foreach (var parameter in parameters) parameter.Value.grad = null;
        return new OptimizerTiming(config.Name, milliseconds.Average(), milliseconds.Max(), optimizer.StateBytes,
            optimizer.FlopsPerStep);
    }

    private static void SetGradients(IReadOnlyList<ModelParameter<Tensor>> parameters, Generator generator)
    {
        foreach (var parameter in parameters)
        {
            using var scope = NewDisposeScope();
            var gradient = randn(parameter.Value.shape, generator: generator).mul_(0.01);
            parameter.Value.grad = gradient.to(parameter.Value.dtype, parameter.Value.device);
        }
    }

    // Reading one number waits for a GPU to finish.
    private static void Synchronise(IReadOnlyList<ModelParameter<Tensor>> parameters)
    {
        if (parameters[^1].Value.device_type == DeviceType.CUDA) cuda.synchronize();
    }
}
