using System.CommandLine;
using PretrainBench.Cli.Shell;
using PretrainBench.Core;
using PretrainBench.Training;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Loop;
using PretrainBench.Training.Results;
using Serilog;

namespace PretrainBench.Cli.Commands;

/// <summary><c>pretrainbench train</c>.</summary>
internal static class TrainCommand
{
    private static readonly Argument<string> Run = new("RUN.yaml") { Description = "The run's configuration" };

    private static readonly Argument<string[]> Overrides = new("key=value")
    {
        Description = "Settings that win over the file, such as optimizer.learning_rate=3e-3 or optimizer=@FILE.yaml",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private static readonly Option<string?> Folder = new("--folder")
    {
        Description = "The run's folder; default runs/<run id>",
        HelpName = "FOLDER",
    };

    private static readonly Option<bool> Force = GridArguments.Force();

    public static Command Create()
        => new Command("train",
            "Train one model; the same command goes on where an earlier one stopped") { Run, Overrides, Folder, Force }
            .WithExamples(
                "pretrainbench train configs/run.yaml",
                "pretrainbench train configs/run.yaml optimizer=@configs/optimizers/muon.yaml "
                    + "optimizer.learning_rate=0.01 seed=1",
                "pretrainbench train configs/run.yaml --folder runs/first --json")
            .RunsOnTorch(Execute);

    private static int Execute(CommandContext context)
    {
        var config = RunConfig.Read(context.Get(Run), context.Get(Overrides));
        var folder = context.Get(Folder) ?? Path.Combine("runs", RunSession.Resolve(config).Id);
        if (RunResult.Read(folder) is null) Announce(context, config, folder);
        else
            context.Error.WriteLine($"train: {folder} holds this run's result already; nothing is trained (the run's "
                + "code is not part of what it is: after a change of the program, another `--folder`)");
        var outcome = ProgressDisplay.Run("train", screen => RunSession.Execute(config, folder, new RunOptions
        {
            Logger = Log.Logger,
            Stop = context.Interruption.Token,
            Progress = new Reporter<TrainProgress>(progress => screen.Report(Describe(progress))),
        }));
        if (outcome == RunOutcome.Preempted)
        {
            context.Error.WriteLine(
                $"pretrainbench: stopped; the same command goes on from the last checkpoint in {folder}");
            return ExitCodes.Preempted;
        }
        var result = RunResult.Read(folder)!;
        context.Print(result, Describe(result, folder));
        return outcome == RunOutcome.Done ? ExitCodes.Done : ExitCodes.Diverged;
    }

    private static void Announce(CommandContext context, RunConfig config, string folder)
    {
        var needs = RunNeeds.Of(config);
        var disk = needs.CheckpointBytes + needs.FinalBytes;
        if (!context.Get(Force)) MachineSpace.Require(needs.MemoryBytes, disk, folder);
        context.Error.WriteLine($"train: about {NeedsText.Of(needs.MemoryBytes, disk, folder)}, at least "
            + Quantity.Time(needs.LeastTime(config)));
        NeedsText.Warn(context, needs.Warnings());
        if (config.Execution.Threads > Environment.ProcessorCount)
            NeedsText.Warn(context, [$"execution.threads: {config.Execution.Threads} threads for "
                + $"{Environment.ProcessorCount} cores wait for each other"]);
    }

    internal static ProgressUpdate Describe(TrainProgress progress)
    {
        // The first step tells no speed: it allocates what the others use.
        var speed = progress.TokensPerSecond > 0 ? $", {Quantity.Count(progress.TokensPerSecond)} tokens/s, "
            + $"{progress.CeilingShare:P0} of the ceiling, {Quantity.Time(progress.TimeLeft)} left" : "";
        var validation = progress.ValidationLoss is { } loss ? $", validation {loss.Fixed(3)}" : "";
        return new ProgressUpdate(progress.Step, progress.TotalSteps,
            $"step {progress.Step}/{progress.TotalSteps}, loss {progress.Loss.Fixed(3)}{validation}{speed}");
    }

    private static string Describe(RunResult result, string folder)
    {
        var end = result.Status == RunStatus.Diverged
            ? $"diverged     at step {result.DivergedAtStep}: {result.DivergenceReason}"
            : $"final loss   {result.FinalLoss:0.0000} nats per token, {result.BitsPerByte:0.0000} bits per byte"
                + (result.AveragedLoss is { } averaged ? $"; {averaged:0.0000} of the averaged weights" : "");
        var work = $"{Quantity.Count(result.Parameters.NonEmbedding)} non-embedding parameters, "
            + $"{Quantity.Count(result.Tokens)} tokens";
        var ceiling = $"{result.CeilingShare:P0} of the machine's matrix-product ceiling";
        return $"""
            run          {result.RunId}: {result.Optimizer}, {work}
            {end}
            speed        {Quantity.Count(result.TokensPerSecond)} tokens/s, {ceiling}
            result       {Path.Combine(folder, RunResult.FileName)}
            """;
    }
}
