using System.Diagnostics;
using PretrainBench.Optimizers;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Loop;

namespace PretrainBench.Training.Benchmark;

/// <summary>What is timed: training steps on random tokens, AdamW, gradient clipping at 1.</summary>
public sealed record TrainingBenchmarkConfig : IValidated
{
    /// <summary>The model; default 10M-class: 8 layers of width 256, 4 heads, vocabulary 8,192.</summary>
    public ModelConfig Model { get; init; } = new() { Layers = 8, Width = 256, Heads = 4, VocabularySize = 8192 };

    /// <summary>Tokens of a step; default 8 sequences of 256.</summary>
    public BatchConfig Batch { get; init; } = new() { SequencesPerStep = 8 };

    /// <summary>How products with weights are taken.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Where and with how many threads.</summary>
    public ExecutionConfig Execution { get; init; } = new();

    /// <summary>Steps that are timed, after two that are not; default 10.</summary>
    public int Steps { get; init; } = 10;

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Steps is < 1 or > 100_000) yield return (nameof(Steps), "must be between 1 and 100000");
        if (Model.VocabularySize is null) yield return (nameof(Model), "vocabulary_size is needed: a benchmark has no tokenizer");
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
        var execution = config.Execution;
        if (execution.Threads > 0) set_num_threads(execution.Threads);
        var target = RunSession.DeviceOf(execution);
        var shape = config.Model.Resolve(config.Model.VocabularySize!.Value);
        using var model = new Decoder(shape, seed: 0, target, config.Precision);
        using var optimizer = OptimizerConfig.Default("adamw").Create(model.Parameters, seed: 0);
        var random = new Random(0);
        var tokens = Enumerable.Range(0, (int)config.Batch.TokensPerStep + 1).Select(_ => (long)random.Next(shape.VocabularySize)).ToArray();
        var optimizerClock = new Stopwatch();
        var (losses, seconds) = (new List<double>(), new List<double>());
        for (var step = 0; step < WarmUpSteps + config.Steps; step++)
        {
            if (step == WarmUpSteps) optimizerClock.Reset();
            var clock = Stopwatch.StartNew();
            losses.Add(Step(model, optimizer, config.Batch, tokens, step, target, optimizerClock));
            if (step >= WarmUpSteps) seconds.Add(clock.Elapsed.TotalSeconds);
        }
        var median = seconds.Order().ElementAt(seconds.Count / 2);
        var ceiling = MachineCeiling.FlopsPerSecond(target, config.Precision);
        var tokensPerSecond = config.Batch.TokensPerStep / median;
        return new TrainingBenchmarkResult(model.Counts.Total, tokensPerSecond, median, optimizerClock.Elapsed.TotalSeconds / seconds.Sum(),
            ceiling, tokensPerSecond * ModelFlops.TrainingPerToken(shape, config.Batch.SequenceLength) / ceiling,
            losses[0], losses[^1], get_num_threads());
    }

    private static double Step(Decoder model, CompositeOptimizer optimizer, BatchConfig batch, long[] tokens, int step, Device target, Stopwatch optimizerClock)
    {
        using var scope = NewDisposeScope();
        var shape = new long[] { batch.SequencesPerStep, batch.SequenceLength };
        var loss = model.Loss(tensor(tokens[..^1], shape, dtype: ScalarType.Int64, device: target),
            tensor(tokens[1..], shape, dtype: ScalarType.Int64, device: target));
        loss.backward();
        var gradients = model.Parameters.Select(parameter => parameter.Value.grad).OfType<Tensor>().ToList();
        GradientClipping.Apply(gradients, 1);
        optimizerClock.Start();
        optimizer.Step(new OptimizerStep(step, 1));
        optimizerClock.Stop();
        foreach (var parameter in model.Parameters) parameter.Value.grad = null;
        // Reading the loss also waits for an accelerator to finish the step.
        return loss.ToDouble();
    }
}
