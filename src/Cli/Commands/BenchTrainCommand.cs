using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Training.Benchmark;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench bench train</c>.</summary>
internal static class BenchTrainCommand
{
    private static readonly Argument<string[]> Settings = new("key=value")
    {
        Description =
            "What to time, such as model.size=1M, batch.sequences_per_step=16, "
                + "precision=bf16_linears, optimizer=muon, execution.threads=2",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string> Against = new Option<string>("--against")
    {
        Description = "Time the same model as a TorchSharp program usually writes it, in turns with ours",
        HelpName = "plain",
    }.AcceptOnlyFromAmong("plain");

    private static readonly Option<bool> Plain = new("--plain")
    {
        Description = "Time that model alone: its peak memory",
    };

    public static Command Create()
        => new Command("train", "Time training steps on random tokens") { Settings, Against, Plain }
            .WithExamples(
                "pretrainbench bench train",
                "pretrainbench bench train 'model={size: 1M, vocabulary_size: 4096}' batch.sequences_per_step=16",
                "pretrainbench bench train precision=bf16_linears --json",
                "pretrainbench bench train optimizer=muon 'sizes=[0.1M, 1M, 10M]'",
                "pretrainbench bench train --against plain")
            .RunsOnTorch(Execute);

    private static int Execute(CommandContext context)
    {
        if (context.Get(Plain) && context.IsGiven(Against))
            throw new UserException("`--plain` times the plain model alone; give it or `--against plain`");
        var models = context.Get(Plain) ? TimedModels.Plain
            : context.Get(Against) is null ? TimedModels.Ours : TimedModels.Both;
        var config = context.Bind<TrainingBenchmarkConfig>(Settings, "the benchmark");
        var configs = config.Sizes.Select(size => config with { Model = config.Model with { Size = size } });
        var results = configs.DefaultIfEmpty(config).Select(one => TrainingBenchmark.Run(one, models)).ToList();
        context.Print(config.Sizes.Count == 0 ? results[0] : results,
            string.Join("\n\n", results.Select(result => string.Join('\n', Lines(result)))));
        return ExitCodes.Done;
    }

    private static IEnumerable<string> Lines(TrainingBenchmarkResult result)
    {
        yield return $"model        {Quantity.Count(result.Parameters)} parameters, {result.Threads} threads";
        if (result.Ours is { } ours) yield return $"ours         {Line(ours)}";
        if (result.Plain is { } plain) yield return $"plain        {Line(plain)}";
        if (result.Ratio is { } ratio) yield return $"ratio        {ratio:0.00}";
        var share = result.CeilingShare is { } reached
            ? $"; forward and backward reach {result.ModelFlopsPerSecond / 1e9:0}, {reached:P0} of it"
                + (reached > 1 ? ": large products are slow here at this precision" : "")
            : "";
        yield return $"ceiling      {result.CeilingFlopsPerSecond / 1e9:0} GFLOP/s in matrix products{share}";
        if (result.PeakBytes is { } bytes) yield return $"peak memory  {Quantity.Bytes(bytes)}";
    }

    private static string Line(TrainingSpeed speed)
        => $"{Quantity.Count(speed.TokensPerSecond)} tokens/s ({speed.SecondsPerStep:0.000} s a step, median), "
            + $"optimizer {1000 * speed.OptimizerShare * speed.SecondsPerStep:0.0} ms ({speed.OptimizerShare:P1}), "
            + $"loss {speed.FirstLoss:0.0000} to {speed.LastLoss:0.0000}";
}
