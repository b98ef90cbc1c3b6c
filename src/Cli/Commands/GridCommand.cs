using System.CommandLine;
using PretrainBench.Cli.Shell;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench grid</c>.</summary>
internal static class GridCommand
{
    public static Command Create()
        => new Command("grid",
            "Train many runs: optimizers × sizes × tokens per parameter, with learning rates tuned alike")
        {
            GridPlanCommand.Create(),
            GridLaunchCommand.Create(),
            GridStatusCommand.Create(),
            GridLogsCommand.Create(),
            GridRetryCommand.Create(),
            GridResumeCommand.Create(),
            GridCancelCommand.Create(),
            GridTuneCommand.Create(),
            GridCollectCommand.Create(),
            GridVerifyCommand.Create(),
            GridWorkCommand.Create(),
        }.WithExamples(
            "pretrainbench grid plan configs/quickstart.yaml      what it would cost",
            "pretrainbench grid launch configs/quickstart.yaml    train it here; the same "
                + "command goes on after an interruption",
            "pretrainbench grid status runs/quickstart --watch    from another terminal",
            "pretrainbench grid collect configs/quickstart.yaml   one table for the laws");
}
