using System.Diagnostics;
using PretrainBench.Optimizers;
using PretrainBench.Torch;

namespace PretrainBench.Training.Benchmark;

/// <summary>What is timed: training steps on random tokens, gradient clipping at 1.</summary>
public sealed record TrainingBenchmarkConfig : ModelBenchmarkConfig, IValidated
{
    /// <summary>The optimizer of our model; default AdamW, as which the plain model always has.</summary>
    public OptimizerConfig Optimizer { get; init; } = OptimizerConfig.Default(Baseline.Optimizer);

    /// <summary>Sizes of the ladder to time one after the other in place of the model's own, smallest first; default
    /// none.</summary>
    public IReadOnlyList<string> Sizes { get; init; } = [];

    /// <summary>Steps that are timed, after two that are not; default 10.</summary>
    public int Steps { get; init; } = 10;

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        foreach (var size in Sizes.Where(size => ModelLadder.Find(size) is null))
            yield return (nameof(Sizes), $"`{size}` is not a size of the ladder"
                + Suggestion.For(size, ModelLadder.Names));
        if (Steps is < 1 or > 100_000) yield return (nameof(Steps), "must be between 1 and 100000");
    }
}

/// <summary>Which models a training benchmark times.</summary>
public enum TimedModels
{
    Ours,

    /// <summary>The same model as a TorchSharp program usually writes it.</summary>
    Plain,

    /// <summary>Both, a step of each in turns, so that what disturbs the machine disturbs both.</summary>
    Both,
}

/// <summary>What one model of a training benchmark reached.</summary>
/// <param name="TokensPerSecond">By the median step.</param>
/// <param name="OptimizerShare">The optimizer's share of the time.</param>
/// <param name="FirstLoss">Loss of the first step in nats per token: shows that it is training that was timed.</param>
public sealed record TrainingSpeed(double TokensPerSecond, double SecondsPerStep, double OptimizerShare,
    double FirstLoss, double LastLoss);

/// <summary>What a training benchmark measured.</summary>
/// <param name="Threads">Threads within operators.</param>
/// <param name="Ours">Our model; null where the plain one was timed alone.</param>
/// <param name="Plain">The plain model; null where ours was timed alone.</param>
/// <param name="CeilingFlopsPerSecond">What a large matrix product reaches at the same precision.</param>
/// <param name="ModelFlopsPerSecond">Forward and backward passes of <paramref name="Ours"/>.</param>
/// <param name="PeakBytes">The process's most resident memory, or what is in use on the CUDA device at the end: of a
/// model only where it was timed alone.</param>
public sealed record TrainingBenchmarkResult(long Parameters, int Threads, TrainingSpeed? Ours, TrainingSpeed? Plain,
    double CeilingFlopsPerSecond, double? ModelFlopsPerSecond, long? PeakBytes)
{
    /// <summary><see cref="ModelFlopsPerSecond"/> as a share of the ceiling.</summary>
    public double? CeilingShare => ModelFlopsPerSecond / CeilingFlopsPerSecond;


    /// <summary>Tokens per second of ours over those of the plain model, where both were timed.</summary>
    public double? Ratio => Ours?.TokensPerSecond / Plain?.TokensPerSecond;
}

/// <summary>Times training steps; what <c>pretrainbench bench train</c> calls.</summary>
public static class TrainingBenchmark
{
    private const int WarmUpSteps = 2;

    public static TrainingBenchmarkResult Run(TrainingBenchmarkConfig config, TimedModels models = TimedModels.Ours)
    {
        ArgumentNullException.ThrowIfNull(config);
        using var model = new BenchmarkModel(config);
        using var ours = models == TimedModels.Plain ? null : new OurTrainer(model, config.Optimizer);
        using var plain = models == TimedModels.Ours ? null : new PlainTrainer(model, config.Precision);
        // Its memory would count as the plain model's.
        if (ours is null) model.Model.Dispose();
        using var pause = CollectionPause.Begin();
        for (var step = 0; step < WarmUpSteps + config.Steps; step++)
        {
            pause.Renew();
            ours?.TimeStep(step);
            plain?.TimeStep(step);
        }
        var peak = DeviceMemory.PeakBytes(model.Target);
        var ceiling = MachineCeiling.FlopsPerSecond(model.Target, config.Precision);
        var speed = ours?.Speed(WarmUpSteps, config.Batch.TokensPerStep);
        return new TrainingBenchmarkResult(model.Model.Counts.Total, get_num_threads(), speed,
            plain?.Speed(WarmUpSteps, config.Batch.TokensPerStep), ceiling,
            speed?.TokensPerSecond * ModelFlops.TrainingPerToken(model.Model.Shape, config.Batch.SequenceLength),
            peak);
    }

    /// <summary>Seconds of one forward and backward pass: the mean over the steps, after one that is not
    /// timed.</summary>
    public static double SecondsPerPass(TrainingBenchmarkConfig config)
    {
        using var timed = new BenchmarkModel(config);
        using var pause = CollectionPause.Begin();
        Pass();
        var clock = Stopwatch.StartNew();
        for (var step = 0; step < config.Steps; step++) Pass();
        return clock.Elapsed.TotalSeconds / config.Steps;

        void Pass()
        {
            pause.Renew();
            using var scope = NewDisposeScope();
            timed.Pass();
            timed.ClearGradients();
        }
    }
}
