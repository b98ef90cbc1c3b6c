using System.Diagnostics;
using PretrainBench.Optimizers;
using PretrainBench.Optimizers.Benchmark;
using PretrainBench.Torch;

namespace PretrainBench.Training.Benchmark;

/// <summary>What every optimizer costs beside a forward and backward pass of one model.</summary>
public sealed record OptimizerComparisonConfig : ModelBenchmarkConfig, IValidated
{
    /// <summary>The optimizers' names; empty for all.</summary>
    public IReadOnlyList<string> Optimizers { get; init; } = [];

    public IEnumerable<(string Property, string Problem)> Validate()
    {
        foreach (var name in Optimizers.Where(name => RuleRegistry.Find(name) is null))
            yield return (nameof(Optimizers), RuleRegistry.Unknown(name));
    }
}

/// <summary>What an optimizer comparison measured.</summary>
/// <param name="TokensPerStep">Tokens of the forward and backward pass.</param>
/// <param name="ForwardBackwardMilliseconds">The median pass.</param>
/// <param name="Threads">Threads within operators.</param>
/// <param name="Optimizers">Each optimizer's cost.</param>
public sealed record OptimizerComparisonResult(long Parameters, long TokensPerStep,
    double ForwardBackwardMilliseconds, int Threads,
    IReadOnlyList<OptimizerTiming> Optimizers);

/// <summary>Times optimizers on one model; what <c>pretrainbench bench optimizers</c> calls.</summary>
public static class OptimizerComparison
{
    private const int Passes = 5;

    public static OptimizerComparisonResult Run(OptimizerComparisonConfig config)
    {
        ArgumentNullException.ThrowIfNull(config);
        using var timed = new BenchmarkModel(config);
        Milliseconds(timed);
        var passes = Enumerable.Range(0, Passes).Select(_ => Milliseconds(timed)).Order().ToList();
        var names = config.Optimizers.Count > 0 ? config.Optimizers : [.. RuleRegistry.Names];
        var timings = names.Select(
            name => OptimizerBenchmark.Measure(OptimizerConfig.Default(name), timed.Model.Parameters)).ToList();
        return new OptimizerComparisonResult(timed.Model.Counts.Total, config.Batch.TokensPerStep, passes[Passes / 2],
            get_num_threads(), timings);
    }

    private static double Milliseconds(BenchmarkModel timed)
    {
        using var scope = NewDisposeScope();
        var clock = Stopwatch.StartNew();
        // Reading a number waits for an accelerator.
        _ = timed.Pass().ReadNumber();
        var milliseconds = clock.Elapsed.TotalMilliseconds;
        timed.ClearGradients();
        return milliseconds;
    }
}
