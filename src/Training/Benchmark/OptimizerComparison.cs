using System.Diagnostics;
using PretrainBench.Optimizers;
using PretrainBench.Optimizers.Benchmark;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Training.Benchmark;

/// <summary>What every optimizer costs beside a forward and backward pass of one model.</summary>
public sealed record OptimizerComparisonConfig : IValidated
{
    /// <summary>The model; default 10M-class: 8 layers of width 256, 4 heads, vocabulary 8,192.</summary>
    public ModelConfig Model { get; init; } = new() { Layers = 8, Width = 256, Heads = 4, VocabularySize = 8192 };

    /// <summary>Tokens of a step; default 8 sequences of 256.</summary>
    public BatchConfig Batch { get; init; } = new() { SequencesPerStep = 8 };

    /// <summary>How the model's products with weights are taken.</summary>
    public Precision Precision { get; init; } = Precision.Fp32;

    /// <summary>Where and with how many threads.</summary>
    public ExecutionConfig Execution { get; init; } = new();

    /// <summary>The optimizers' names; empty for all.</summary>
    public IReadOnlyList<string> Optimizers { get; init; } = [];

    /// <inheritdoc/>
    public IEnumerable<(string Property, string Problem)> Validate()
    {
        if (Model.VocabularySize is null) yield return (nameof(Model), "vocabulary_size is needed: a benchmark has no tokenizer");
        foreach (var name in Optimizers.Where(name => RuleRegistry.Find(name) is null))
            yield return (nameof(Optimizers), $"there is no optimizer `{name}`{Suggestion.For(name, RuleRegistry.All.Select(rule => rule.Name))}");
    }
}

/// <summary>What an optimizer comparison measured.</summary>
/// <param name="Parameters">Parameters of the model.</param>
/// <param name="TokensPerStep">Tokens of the forward and backward pass.</param>
/// <param name="ForwardBackwardMilliseconds">The median pass.</param>
/// <param name="Threads">Threads within operators.</param>
/// <param name="Optimizers">Each optimizer's cost.</param>
public sealed record OptimizerComparisonResult(long Parameters, long TokensPerStep, double ForwardBackwardMilliseconds, int Threads,
    IReadOnlyList<OptimizerTiming> Optimizers);

/// <summary>Times optimizers on one model; what <c>pretrainbench bench optimizers</c> calls.</summary>
public static class OptimizerComparison
{
    private const int Passes = 5;

    /// <summary>Runs the comparison.</summary>
    /// <param name="config">What to time.</param>
    public static OptimizerComparisonResult Run(OptimizerComparisonConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (config.Execution.Threads > 0) set_num_threads(config.Execution.Threads);
        var target = RunSession.DeviceOf(config.Execution);
        var shape = config.Model.Resolve(config.Model.VocabularySize!.Value);
        using var model = new Decoder(shape, seed: 0, target, config.Precision);
        var random = new Random(0);
        var tokens = Enumerable.Range(0, (int)config.Batch.TokensPerStep + 1).Select(_ => (long)random.Next(shape.VocabularySize)).ToArray();
        Pass(model, config.Batch, tokens, target);
        var passes = Enumerable.Range(0, Passes).Select(_ => Pass(model, config.Batch, tokens, target)).Order().ToList();
        var names = config.Optimizers.Count > 0 ? config.Optimizers : [.. RuleRegistry.All.Select(rule => rule.Name)];
        var timings = names.Select(name => OptimizerBenchmark.Measure(OptimizerConfig.Default(name), model.Parameters)).ToList();
        return new OptimizerComparisonResult(model.Counts.Total, config.Batch.TokensPerStep, passes[Passes / 2], get_num_threads(), timings);
    }

    private static double Pass(Decoder model, BatchConfig batch, long[] tokens, Device target)
    {
        using var scope = NewDisposeScope();
        var shape = new long[] { batch.SequencesPerStep, batch.SequenceLength };
        var clock = Stopwatch.StartNew();
        var loss = model.Loss(tensor(tokens[..^1], shape, dtype: ScalarType.Int64, device: target),
            tensor(tokens[1..], shape, dtype: ScalarType.Int64, device: target));
        loss.backward();
        // Reading a number waits for an accelerator.
        _ = loss.ToDouble();
        var milliseconds = clock.Elapsed.TotalMilliseconds;
        foreach (var parameter in model.Parameters) parameter.Value.grad = null;
        return milliseconds;
    }
}
