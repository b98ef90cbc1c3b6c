using System.CommandLine;
using PretrainBench.Cli.Shell;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench bench</c>: how fast this machine and this build are.</summary>
internal static class BenchCommand
{
    public static Command Create()
        => new Command("bench", "Measure speed") { BenchTrainCommand.Create(), BenchFitCommand.Create(),
            BenchOptimizersCommand.Create() }
            .WithExamples("pretrainbench bench train", "pretrainbench bench fit");
}
