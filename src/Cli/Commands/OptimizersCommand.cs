using System.CommandLine;
using PretrainBench.Cli.Shell;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench optimizers</c>.</summary>
internal static class OptimizersCommand
{
    public static Command Create()
        => new Command("optimizers", "Which optimizers there are, what can be set about each, and how to begin another")
        {
            OptimizersListCommand.Create(),
            OptimizersShowCommand.Create(),
            OptimizersNewCommand.Create(),
        }.WithExamples(
            "pretrainbench optimizers list",
            "pretrainbench optimizers show muon",
            "pretrainbench optimizers new sign-momentum");
}
