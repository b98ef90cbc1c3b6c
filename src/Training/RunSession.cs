using PretrainBench.Data;
using PretrainBench.Torch;
using PretrainBench.Training.Checkpoints;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Loop;
using PretrainBench.Training.Results;
using Serilog;

namespace PretrainBench.Training;

/// <summary>One run from its configuration to its result, in this process. Calling it again goes on where it
/// stopped.</summary>
public static class RunSession
{
    private const int MostIdentityBytes = 1 << 12;

    /// <summary>Reads what a configuration leaves open (vocabulary, data hashes) from its data set.</summary>
    /// <exception cref="UserException">The data set is missing, or the configuration does not fit it.</exception>
    public static ResolvedRun Resolve(RunConfig config)
    {
        using var data = TokenDataset.Open(config.Data.Folder, verify: false);
        return Resolve(config, data);
    }

    /// <summary>Trains a run to its end: does nothing when it has a result, goes on from its newest whole checkpoint
    /// when it has one, else begins at the beginning.</summary>
    /// <param name="runFolder">The run's folder; made when missing.</param>
    /// <param name="options">Who is told, and how to stop.</param>
    /// <exception cref="UserException">The configuration, the data or the folder cannot be used.</exception>
    public static RunOutcome Execute(RunConfig config, string runFolder, RunOptions? options = null)
    {
        options ??= new RunOptions();
        using var data = TokenDataset.Open(config.Data.Folder, verify: true);
        var run = Resolve(config, data);
        var folder = new RunFolder(runFolder);
        using var held = folder.Lock(options.TakesOver);
        Claim(folder, run, data);
        if (RunResult.Read(runFolder) is { } earlier)
        {
            options.Logger.Information("run {Run} is finished already: {Result}", run.Id,
                Path.Combine(runFolder, RunResult.FileName));
            return earlier.Status == RunStatus.Done ? RunOutcome.Done : RunOutcome.Diverged;
        }
        var device = DeviceOf(config.Execution);
        if (config.Execution.Threads > 0) set_num_threads(config.Execution.Threads);
        var attempt = folder.BeginAttempt();
        using var logger = new LoggerConfiguration().MinimumLevel.Debug().WriteTo.Logger(options.Logger)
            .WriteTo.File(Path.Combine(attempt.Folder, RunFolder.LogFile)).CreateLogger();
        try
        {
            return Train(run, data, folder, attempt, device, options with { Logger = logger });
        }
        catch (OperationCanceledException) when (options.Stop.IsCancellationRequested)
        {
            logger.Information("run {Run}: stopped before its first step, as asked", run.Id);
            return RunOutcome.Preempted;
        }
        catch (Exception e)
        {
            if (options.StillOwner?.Invoke() == false) logger.Warning("{Message}", e.Message);
            else logger.Error(e, "run {Run} failed", run.Id);
            throw;
        }
    }

    /// <summary>Deletes the checkpoints of a finished run that <see cref="RunOptions.BranchSteps"/> kept.</summary>
    public static void DropCheckpoints(string runFolder) => KeepCheckpoints(new RunFolder(runFolder), []);

    private static void KeepCheckpoints(RunFolder folder, IReadOnlyList<int> branchSteps)
    {
        foreach (var attempt in folder.Attempts())
            if (branchSteps.Count > 0) CheckpointFolder.Keep(attempt.CheckpointsFolder, 0, branchSteps);
            else QuietDeletion.OfFolder(attempt.CheckpointsFolder);
    }

    private static RunOutcome Train(ResolvedRun run, TokenDataset data, RunFolder folder, RunAttempt attempt,
        Device device, RunOptions options)
    {
        using var state = new TrainingState(run, device, options.Stop);
        Restore(run, data, folder, state, options);
        var ceiling = MachineCeiling.FlopsPerSecond(device, run.Config.Precision);
        using var recorder = new RunRecorder(run, attempt, options, options.Logger, ceiling, state);
        AttemptStart.Write(attempt, state.Step);
        options.Logger.Information(
            "run {Run}: {Size} {Family} of {Parameters:N0} parameters, {Optimizer}, {Steps:N0} steps "
                + "of {Tokens:N0} tokens on {Device}",
            run.Id, ModelLadder.NameOf(run.Shape) ?? "custom", run.Shape.Family, state.Model.Counts.Total,
            run.Config.Optimizer.Name,
            run.Steps, run.Config.Batch.TokensPerStep, device);
        foreach (var rule in state.Optimizer.Describe()) options.Logger.Information("{Rule}", rule);

        var batches = new BatchReader(data.Train, run.Config.Batch.SequenceLength, run.Config.Data.Seed);
        var evaluation =
            new Evaluation(data, run.Config.Batch.SequenceLength, run.Config.Batch.SequencesPerStep, device,
                options.Worked);
        using var dynamics = run.Config.Execution.Dynamics is { } measured
            ? new TrainingDynamics(measured, state.Model, run.Config.Seed) : null;
        using var loop = new TrainingLoop(run, state, batches, evaluation, recorder, dynamics);
        var end = loop.Run(options.Stop);
        if (end.Outcome == RunOutcome.Preempted)
        {
            options.Logger.Information(
                "run {Run}: stopped at step {Step} of {Steps} as asked; the same command goes on from here", run.Id,
                state.Step, run.Steps);
            return end.Outcome;
        }
        RunEvaluation? final = null;
        if (end.Outcome == RunOutcome.Done)
        {
            final = Finish(run, folder, state, evaluation, recorder);
            if (!double.IsFinite(final.Last.Loss))
                (end, final) = (LoopEnd.Diverged(run.Steps, "the validation loss is no number"), null);
        }
        if (end.Reason is not null)
            options.Logger.Warning("run {Run} diverged at step {Step}: {Reason}", run.Id,
                end.DivergedAtStep, end.Reason);
        recorder.ThrowUnlessOwner();
        recorder.End(end);
        RunReport.Publish(run, folder, state, data, end, final, ceiling);
        KeepCheckpoints(folder, options.BranchSteps);
        return end.Outcome;
    }

    private static RunEvaluation Finish(ResolvedRun run, RunFolder folder, TrainingState state,
        Evaluation evaluation, RunRecorder recorder)
    {
        var final = evaluation.Measure(state);
        recorder.AfterEvaluation(state, final, final: true);
        recorder.ThrowUnlessOwner();
        if (run.Config.Checkpoint.KeepFinalWeights)
        {
            if (state.Average is { } average) Write(folder.AveragedWeightsPath, average.Tensors());
            state.Optimizer.EnterEvaluation();
            Write(folder.FinalWeightsPath, state.Weights());
            state.Optimizer.LeaveEvaluation();
        }
        return final;

        void Write(string path, IEnumerable<KeyValuePair<string, Tensor>> weights) => AtomicFile.Write(path,
            stream => SafetensorsFile.Write(stream, weights, new Dictionary<string, string> { ["run_id"] = run.Id }));
    }

    private static void Restore(
        ResolvedRun run, TokenDataset data, RunFolder folder, TrainingState state, RunOptions options)
    {
        var folders = folder.Attempts().Select(attempt => attempt.CheckpointsFolder).ToList();
        CheckpointFolder.ClearUnfinished(folders);
        var newest = CheckpointFolder.Newest(folders, run.Id, options.Logger)
            ?? options.Trunk?.Newest(run, data, options.Logger);
        if (newest is not { } from) return;
        state.Restore(from.Folder, from.State);
        options.Logger.Information("run {Run}: going on from step {Step} of {Steps} ({Checkpoint})", run.Id, state.Step,
            run.Steps, from.Folder);
    }

    internal static ResolvedRun Resolve(RunConfig config, TokenDataset data)
        => ResolvedRun.From(config,
            new DataFingerprint(data.Manifest.SourceName, data.Manifest.Fingerprint, data.Manifest.TokenizerHash),
            data.Manifest.VocabularySize);

    // Writes the resolved configuration, or checks that the folder belongs to the same run. An identity that is damaged
    // is written again: config.yaml says whose the folder is, or else its own name, as grids name them.
    private static void Claim(RunFolder folder, ResolvedRun run, TokenDataset data)
    {
        var identity = folder.IdentityPath;
        if (File.Exists(identity)
            && PlainFile.ReadText(identity, MostIdentityBytes).Trim() is var other && other != run.Id)
        {
            var holds = $"{folder.Folder}: holds run {PlainText.Of(other)}, and this configuration is run {run.Id}; ";
            var isWhole = other.Length == run.Id.Length && other.All(char.IsAsciiHexDigit);
            var isNamedSo = Path.GetFileName(Path.TrimEndingDirectorySeparator(folder.Folder)) == run.Id;
            if ((isWhole || !isNamedSo) && File.Exists(folder.ConfigPath)
                && Resolve(RunConfig.Read(folder.ConfigPath), data).Id != run.Id)
                throw new UserException(
                    holds + "choose another folder (or go back to the configuration in its config.yaml)");
            if (isWhole)
                throw new UserException(
                    holds + "an earlier version of pretrainbench began it and counted runs in another "
                    + "way: finish it with that version, or choose another folder to train it anew");
        }
        AtomicFile.WriteText(folder.ConfigPath, $"# run {run.Id}\n" + ConfigWriter.ToYaml(run.Config));
        AtomicFile.WriteText(identity, run.Id + "\n");
    }

    internal static Device DeviceOf(ExecutionConfig execution)
    {
        if (execution.Device == "cpu") return CPU;
        if (!cuda.is_available())
            throw new UserException(
                $"execution.device: `{execution.Device}` asks for a CUDA device, and this torch finds none; use cpu, "
                    + "or a build with `-p:Torch=cuda` on a machine that has one");
        var chosen = device(execution.Device);
        return chosen.index < cuda.device_count()
            ? chosen
            : throw new UserException(
                $"execution.device: `{execution.Device}` does not exist; this machine has "
                    + $"{cuda.device_count()} CUDA devices");
    }
}
