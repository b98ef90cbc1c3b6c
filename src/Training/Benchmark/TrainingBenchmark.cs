using System.Diagnostics;
using PretrainBench.Optimizers;
using PretrainBench.Training.Loop;

namespace PretrainBench.Training.Benchmark;

/// <summary>What is timed: training steps on random tokens, AdamW, gradient clipping at 1.</summary>
public sealed record TrainingBenchmarkConfig : ModelBenchmarkConfig
{
    /// <summary>Steps that are timed, after two that are not; default 10.</summary>
    public int Steps { get; init; } = 10;

    /// <inheritdoc/>
    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Steps is < 1 or > 100_000) yield return (nameof(Steps), "must be between 1 and 100000");
        foreach (var problem in base.Validate()) yield return problem;
    }
}

/// <summary>What a training benchmark measured.</summary>
/// <param name="Parameters">Parameters of the model.</param>
/// <param name="TokensPerSecond">By the median step.</param>
/// <param name="SecondsPerStep">The median step.</param>
/// <param name="OptimizerShare">The optimizer's share of the time.</param>
/// <param name="CeilingFlopsPerSecond">What a large matrix product reaches at the same precision.</param>
/// <param name="CeilingShare">Forward and backward passes as a share of that.</param>
/// <param name="FirstLoss">Loss of the first step in nats per token: shows that it is training that was timed.</param>
/// <param name="LastLoss">Loss of the last step.</param>
/// <param name="Threads">Threads within operators.</param>
public sealed record TrainingBenchmarkResult(long Parameters, double TokensPerSecond, double SecondsPerStep, double OptimizerShare,
    double CeilingFlopsPerSecond, double CeilingShare, double FirstLoss, double LastLoss, int Threads);

/// <summary>Times training steps; what <c>pretrainbench bench train</c> calls.</summary>
public static class TrainingBenchmark
{
    private const int WarmUpSteps = 2;

    /// <summary>Runs the benchmark.</summary>
    /// <param name="config">What to time.</param>
    public static TrainingBenchmarkResult Run(TrainingBenchmarkConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        using var timed = new BenchmarkModel(config);
        using var optimizer = OptimizerConfig.Default("adamw").Create(timed.Model.Parameters, seed: 0);
        var optimizerClock = new Stopwatch();
        var (losses, seconds) = (new List<double>(), new List<double>());
        for (var step = 0; step < WarmUpSteps + config.Steps; step++)
        {
            if (step == WarmUpSteps) optimizerClock.Reset();
            var clock = Stopwatch.StartNew();
            losses.Add(Step(timed, optimizer, step, optimizerClock));
            if (step >= WarmUpSteps) seconds.Add(clock.Elapsed.TotalSeconds);
        }
        var median = seconds.Order().ElementAt(seconds.Count / 2);
        var ceiling = MachineCeiling.FlopsPerSecond(timed.Target, config.Precision);
        var tokensPerSecond = config.Batch.TokensPerStep / median;
        return new TrainingBenchmarkResult(timed.Model.Counts.Total, tokensPerSecond, median, optimizerClock.Elapsed.TotalSeconds / seconds.Sum(),
            ceiling, tokensPerSecond * ModelFlops.TrainingPerToken(timed.Model.Shape, config.Batch.SequenceLength) / ceiling,
            losses[0], losses[^1], get_num_threads());
    }

    private static double Step(BenchmarkModel timed, CompositeOptimizer optimizer, int step, Stopwatch optimizerClock)
    {
        using var scope = NewDisposeScope();
        var loss = timed.Pass();
        var gradients = timed.Model.Parameters.Select(parameter => parameter.Value.grad).OfType<Tensor>().ToList();
        GradientClipping.Apply(gradients, 1);
        optimizerClock.Start();
        optimizer.Step(new OptimizerStep(step, 1));
        optimizerClock.Stop();
        timed.ClearGradients();
        // Reading the loss also waits for an accelerator to finish the step.
        return loss.ToDouble();
    }
}
