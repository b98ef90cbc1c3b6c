using System.Runtime.InteropServices;
using System.Text.Json;
using PretrainBench.Data;
using PretrainBench.Torch;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Loop;

namespace PretrainBench.Training.Results;

/// <summary>Puts a run's result together and publishes it.</summary>
internal static class RunReport
{
    /// <summary>Writes <c>result.json</c>; whole, or not at all, and only where nobody has written it
    /// before.</summary>
    public static void Publish(ResolvedRun run, RunFolder folder, TrainingState state, TokenDataset data, LoopEnd end,
        RunEvaluation? evaluation, double ceiling)
    {
        var final = evaluation?.Last;
        var averaged = evaluation?.Averaged is { } measured && double.IsFinite(measured.Loss) ? measured : null;
        var steps = end.DivergedAtStep ?? state.Step;
        var tokens = steps * run.Config.Batch.TokensPerStep;
        var modelFlops = tokens * ModelFlops.TrainingPerToken(run.Shape, run.Config.Batch.SequenceLength);
        var optimizerFlops = steps * state.Optimizer.FlopsPerStep;
        var seconds = state.Clock.TrainingSeconds;
        var result = new RunResult
        {
            RunId = run.Id,
            Status = end.Outcome == RunOutcome.Done ? RunStatus.Done : RunStatus.Diverged,
            FinalLoss = final?.Loss,
            BitsPerByte = final?.BitsPerByte,
            AveragedLoss = averaged?.Loss,
            AveragedBitsPerByte = averaged?.BitsPerByte,
            SmoothedTrainingLoss = state.Divergence.SmoothedLoss,
            DivergedAtStep = end.DivergedAtStep,
            DivergenceReason = end.Reason,
            Size = ModelLadder.NameOf(run.Shape),
            Optimizer = run.Config.Optimizer.Name,
            Parameters = state.Model.Counts,
            Steps = steps,
            Tokens = tokens,
            TrainingTokensAvailable = data.Train.TokenCount,
            ValidationTokens = final?.Tokens ?? 0,
            ValidationBytes = final?.Bytes ?? 0,
            ModelFlops = modelFlops,
            OptimizerFlops = optimizerFlops,
            OptimizerStateBytes = state.Optimizer.StateBytes,
            TrainingSeconds = seconds,
            OptimizerSeconds = state.Clock.OptimizerSeconds,
            TokensPerSecond = tokens / seconds,
            PeakMemoryBytes = DeviceMemory.PeakBytes(state.Device),
            CeilingFlopsPerSecond = ceiling,
            CeilingShare = (modelFlops + optimizerFlops) / seconds / ceiling,
            OptimizerCounters = state.Optimizer.Counters,
            OptimizerRules = state.Optimizer.Describe(),
            AttemptStarts = AttemptStart.ReadAll(folder),
            Data = run.Data,
            Versions = Versions(state.Device),
            Threads = get_num_threads(),
            Config = (ConfigMapping)ConfigWriter.ToTree(run.Config),
            EndedAt = DateTimeOffset.UtcNow,
        };
        // Lost to whoever took the run over in between: the same numbers, which stay as they are.
        AtomicFile.TryPublishText(Path.Combine(folder.Folder, RunResult.FileName),
            JsonSerializer.Serialize(result, JsonFormat.Indented) + "\n");
    }

    private static SortedDictionary<string, string> Versions(Device device) => new()
    {
        ["pretrainbench"] = typeof(RunReport).Assembly.GetName().Version?.ToString() ?? "",
        ["dotnet"] = Environment.Version.ToString(),
        ["torch"] = __version__,
        ["system"] = RuntimeInformation.OSDescription,
        ["machine"] = Environment.MachineName,
        ["device"] = device.ToString(),
    };
}
