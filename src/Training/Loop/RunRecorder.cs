using System.Diagnostics;
using PretrainBench.Training.Checkpoints;
using PretrainBench.Training.Configuration;
using PretrainBench.Training.Results;
using Serilog;

namespace PretrainBench.Training.Loop;

/// <summary>Keeps the books of one attempt: metrics, log, progress and checkpoints.</summary>
internal sealed class RunRecorder : IDisposable
{
    private readonly ResolvedRun _run;
    private readonly RunAttempt _attempt;
    private readonly RunOptions _options;
    private readonly ILogger _logger;
    private readonly double _ceiling;
    private readonly MetricsWriter _metrics;
    private readonly RunEvents? _events;
    private long _lastSavedAt = Stopwatch.GetTimestamp();
    private (int Step, double Seconds, double LossSum) _sinceLine;
    private double? _validationLoss;

    public RunRecorder(ResolvedRun run, RunAttempt attempt, RunOptions options, ILogger logger, double ceiling,
        TrainingState state)
    {
        (_run, _attempt, _options, _logger, _ceiling) = (run, attempt, options, logger, ceiling);
        _metrics = new MetricsWriter(Path.Combine(attempt.Folder, RunFolder.MetricsFile));
        _events = run.Config.Execution.Tensorboard ? new RunEvents(attempt.Folder, run, options.Labels) : null;
        _sinceLine = (state.Step, state.Clock.TrainingSeconds, 0);
    }

    public void AfterStep(TrainingState state, StepOutcome outcome)
    {
        _sinceLine.LossSum += outcome.Loss;
        if (outcome.Step % _run.Config.Execution.LogIntervalSteps == 0 || outcome.Step == _run.Steps)
            WriteLine(state, outcome);
        if (outcome.Dynamics is { } dynamics)
            Write(new MetricsLine
            {
                Step = outcome.Step,
                Tokens = TokensAt(outcome.Step),
                Groups = dynamics.Groups,
                Matrices = dynamics.Matrices,
            });
        _options.Worked?.Invoke();
        _options.Progress?.Report(ProgressOf(state, outcome.Step));
    }

    public void AfterEvaluation(TrainingState state, RunEvaluation evaluation, bool final)
    {
        var (result, averaged) = evaluation;
        _validationLoss = result.Loss;
        Write(new MetricsLine
        {
            Step = state.Step,
            Tokens = TokensAt(state.Step),
            ValidationLoss = MetricsLine.Finite(result.Loss),
            BitsPerByte = MetricsLine.Finite(result.BitsPerByte),
            AveragedLoss = averaged is null ? null : MetricsLine.Finite(averaged.Loss),
            Final = final ? true : null,
            TrainingSeconds = state.Clock.TrainingSeconds,
        });
        _logger.Information("step {Step}: {Kind} loss {Loss:F4} nats per token, {Bits:F4} bits per byte", state.Step,
            final ? "final validation" : "validation", result.Loss, result.BitsPerByte);
        if (averaged is not null)
            _logger.Information("step {Step}: loss {Loss:F4} of the averaged weights", state.Step, averaged.Loss);
    }

    public bool IsCheckpointDue(TrainingState state)
    {
        var config = _run.Config.Checkpoint;
        var bySteps = config.IntervalSteps > 0 && state.Step % config.IntervalSteps == 0;
        var byTime = config.IntervalSeconds > 0
            && Stopwatch.GetElapsedTime(_lastSavedAt).TotalSeconds >= config.IntervalSeconds;
        var forBranch = _options.BranchSteps.Contains(state.Step);
        return (bySteps || byTime || forBranch) && state.Step < _run.Steps;
    }

    public void Checkpoint(TrainingState state)
    {
        ThrowUnlessOwner();
        var folder = state.Save(_attempt.CheckpointsFolder);
        // Whoever took over while it was written may be reading the ones before.
        ThrowUnlessOwner();
        CheckpointFolder.Keep(_attempt.CheckpointsFolder, _run.Config.Checkpoint.Keep, _options.BranchSteps);
        _lastSavedAt = Stopwatch.GetTimestamp();
        _options.Worked?.Invoke();
        _logger.Information("step {Step}: saved {Checkpoint}", state.Step, folder);
    }

    /// <exception cref="UserException">Another process has taken the run over.</exception>
    public void ThrowUnlessOwner()
    {
        if (_options.StillOwner?.Invoke() == false)
            throw new UserException(
                $"run {_run.Id}: another process has taken it over; this one stops without writing more",
                ExitCodes.Failed);
    }

    /// <summary>Tells that the run has come to its end.</summary>
    public void End(LoopEnd end)
        => _events?.End(end.DivergedAtStep ?? _run.Steps, diverged: end.Outcome == RunOutcome.Diverged);

    public void Dispose()
    {
        _metrics.Dispose();
        _events?.Dispose();
    }

    private void Write(MetricsLine line)
    {
        ThrowUnlessOwner();
        _metrics.Write(line);
        _events?.Write(line);
    }

    private void WriteLine(TrainingState state, StepOutcome outcome)
    {
        var steps = outcome.Step - _sinceLine.Step;
        var seconds = state.Clock.TrainingSeconds - _sinceLine.Seconds;
        var line = new MetricsLine
        {
            Step = outcome.Step,
            Tokens = TokensAt(outcome.Step),
            TrainingLoss = MetricsLine.Finite(_sinceLine.LossSum / steps),
            GradientNorm = MetricsLine.Finite(outcome.GradientNorm),
            ScheduleFactor = outcome.ScheduleFactor,
            TokensPerSecond = seconds > 0 ? Math.Round(steps * _run.Config.Batch.TokensPerStep / seconds) : null,
            TrainingSeconds = state.Clock.TrainingSeconds,
        };
        Write(line);
        _logger.Debug("step {Step} of {Steps}: loss {Loss:F4}, {TokensPerSecond:N0} tokens/s", outcome.Step, _run.Steps,
            line.TrainingLoss, line.TokensPerSecond);
        _sinceLine = (outcome.Step, state.Clock.TrainingSeconds, 0);
    }

    private TrainProgress ProgressOf(TrainingState state, int step)
    {
        var secondsPerStep = state.Clock.SecondsPerStep;
        var tokensPerSecond = secondsPerStep > 0 ? _run.Config.Batch.TokensPerStep / secondsPerStep : 0;
        var flops = Models.ModelFlops.TrainingPerToken(_run.Shape, _run.Config.Batch.SequenceLength);
        return new TrainProgress
        {
            RunId = _run.Id,
            Step = step,
            TotalSteps = _run.Steps,
            Loss = state.Divergence.SmoothedLoss ?? double.NaN,
            ValidationLoss = _validationLoss,
            TokensPerSecond = tokensPerSecond,
            CeilingShare = tokensPerSecond * flops / _ceiling,
            TimeLeft = TimeSpan.FromSeconds((_run.Steps - step) * secondsPerStep),
        };
    }

    private long TokensAt(int step) => step * _run.Config.Batch.TokensPerStep;
}
