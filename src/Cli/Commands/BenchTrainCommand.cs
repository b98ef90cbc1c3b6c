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
        Description = "What to time, such as model.size=1M, batch.sequences_per_step=16, precision=bf16_linears, execution.threads=2",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
        => new Command("train", "Time training steps on random tokens, AdamW") { Settings }
            .WithExamples(
                "pretrainbench bench train",
                "pretrainbench bench train 'model={size: 1M, vocabulary_size: 4096}' batch.sequences_per_step=16",
                "pretrainbench bench train precision=bf16_linears --json")
            .Runs(Execute);

    private static int Execute(CommandContext context)
    {
        var result = TrainingBenchmark.Run(context.Bind<TrainingBenchmarkConfig>(Settings, "the benchmark"));
        context.Print(result, $"""
            speed        {Quantity.Count(result.TokensPerSecond)} tokens/s ({result.SecondsPerStep:0.000} s a step, median), {result.Threads} threads
            model        {Quantity.Count(result.Parameters)} parameters
            ceiling      {result.CeilingFlopsPerSecond / 1e9:0} GFLOP/s in matrix products; training reaches {result.CeilingShare:P0} of it
            optimizer    {result.OptimizerShare:P1} of the time
            """);
        return ExitCodes.Done;
    }
}
