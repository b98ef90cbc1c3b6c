using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Training.Benchmark;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench bench optimizers</c>.</summary>
internal static class BenchOptimizersCommand
{
    private static readonly Argument<string[]> Settings = new("key=value")
    {
        Description =
            "What to time, such as 'optimizers=[muon, soap]', model.size=1M, "
                + "batch.sequences_per_step=16, execution.threads=2",
        Arity = ArgumentArity.ZeroOrMore,
    };

    public static Command Create()
        => new Command("optimizers",
            "Time every optimizer's step beside a forward and backward pass, and count its state") { Settings }
            .WithExamples(
                "pretrainbench bench optimizers",
                "pretrainbench bench optimizers 'optimizers=[adamw, muon, scion, shampoo, soap]' execution.threads=2",
                "pretrainbench bench optimizers 'model={size: 1M, vocabulary_size: 4096}' --json")
            .RunsOnTorch(Execute);

    private static int Execute(CommandContext context)
    {
        var result = OptimizerComparison.Run(context.Bind<OptimizerComparisonConfig>(Settings, "the benchmark"));
        var whole = result.ForwardBackwardMilliseconds;
        var lines = result.Optimizers.Select(timing =>
            $"{timing.Name,-22}{timing.MillisecondsPerStep,10:0.0}{timing.WorstMilliseconds,12:0.0}"
            + $"{timing.ShareOf(whole),10:P1}{timing.StateBytes / 1e6,10:0.0}");
        var work = $"{Quantity.Count(result.Parameters)} parameters, "
            + $"{Quantity.Count(result.TokensPerStep)} tokens a step";
        context.Print(result, $"""
            {work}: forward and backward {whole:0} ms, {result.Threads} threads
            {"optimizer",-22}{"ms/step",10}{"worst ms",12}{"share",10}{"state MB",10}
            {string.Join('\n', lines)}
            """);
        return ExitCodes.Done;
    }
}
