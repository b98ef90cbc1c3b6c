using PretrainBench.Data;
using PretrainBench.Optimizers;
using PretrainBench.Torch;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Training.Loop;

/// <summary>The training loop: batch, loss, gradient, clip, step, repeat. It knows no optimizer by name, and what it
/// does at a step depends on the state and the step alone, so that a run taken up again goes on as if nothing had
/// happened.</summary>
internal sealed class TrainingLoop(ResolvedRun run, TrainingState state, BatchReader batches, Evaluation evaluation,
    RunRecorder recorder, TrainingDynamics? dynamics) : IDisposable
{
    private const string SeenLater = " (seen when the next step had been taken too)";

    private readonly Tensor[] _parameters = [.. state.Model.Parameters.Select(parameter => parameter.Value)];
    private readonly TokenBatch _batch =
        new(batches, run.Config.Batch, RunNeeds.SequencesPerPass(run, state.Device), state.Device);

    // The step whose numbers have not been read yet.
    private StepNumbers? _unread;

    /// <summary>Trains from where the state stands until the end, divergence, or a notice to stop.</summary>
    /// <param name="stop">When cancelled, the loop saves a checkpoint after the step at hand and returns.</param>
    public LoopEnd Run(CancellationToken stop)
    {
        using var pause = CollectionPause.Begin();
        if (state.Step == 0) state.Optimizer.Initialise();
        while (state.Step < run.Steps)
        {
            if (stop.IsCancellationRequested)
            {
                if (ObserveUnread() is { } late) return late;
                recorder.Checkpoint(state);
                return LoopEnd.Preempted;
            }
            pause.Renew();
            var taken = state.Clock.Step(TakeStep);
            state.Step++;
            var (isEvaluated, isSaved) =
                (run.Config.Evaluation.IsDue(state.Step, run.Steps), recorder.IsCheckpointDue(state));
            var end = ObserveUnread();
            _unread = taken;
            // Numbers are read while the next step is at work, so that the device never waits for the processor; at
            // once only where the state is about to be evaluated, saved or left.
            if (isEvaluated || isSaved || state.Step == run.Steps) end ??= ObserveUnread();
            if (end is not null) return end;
            if (isEvaluated)
                recorder.AfterEvaluation(state, evaluation.Measure(state, run.Config.Evaluation.Sequences),
                    final: false);
            if (isSaved) recorder.Checkpoint(state);
        }
        return LoopEnd.Done;
    }

    public void Dispose()
    {
        _unread?.Dispose();
        _batch.Dispose();
    }

    private StepNumbers TakeStep()
    {
        using var scope = NewDisposeScope();
        var step = new OptimizerStep(state.Step, run.Config.Schedule.Factor(state.Step, run.Steps));
        _batch.Load(state.Step);
        if (state.Optimizer.WantsSampledGradient(step)) ObserveSampledGradient(step);
        var loss = AccumulateGradients(_batch.Targets);
        var gradientNorm = ClipGradients();
        dynamics?.BeforeUpdate(state.Step + 1);
        state.Clock.Optimizer(state.Device, () => state.Optimizer.Step(step));
        state.Average?.Add(state.Step + 1);
        DropGradients();
        return new StepNumbers(state.Step, step.ScheduleFactor, loss, gradientNorm, dynamics?.AfterUpdate());
    }

    // Takes in the step whose numbers are still unread; an end when it diverged.
    private LoopEnd? ObserveUnread()
    {
        if (_unread is not { } unread) return null;
        _unread = null;
        using (unread)
        {
            var outcome = state.Clock.Wait(unread.Read);
            if (state.Divergence.Observe(outcome.Step - 1, outcome.Loss, outcome.GradientNorm) is { } reason)
                return LoopEnd.Diverged(outcome.Step, state.Step > outcome.Step ? reason + SeenLater : reason);
            recorder.AfterStep(state, outcome);
            return null;
        }
    }

    // Mean loss over the batch; its gradient is left in the parameters. Where a pass does not fit in memory, smaller
    // ones are tried if that is left to us.
    private Tensor AccumulateGradients(Func<int, Tensor> targetsOf)
    {
        while (true)
            try
            {
                return AccumulateParts(targetsOf);
            }
            catch (Exception e) when (ProcessMemory.IsUsedUp(e))
            {
                DropGradients();
                var size = _batch.SequencesPerPart;
                if (run.Config.Execution.MicroBatchSequences != MicroBatch.Auto
                    || PassSize.Smaller(run.Config.Batch.SequencesPerStep, size) is not { } smaller)
                    throw PassSize.TooLarge(run.Config, size, e);
                _batch.SequencesPerPart = smaller;
            }
    }

    private Tensor AccumulateParts(Func<int, Tensor> targetsOf)
    {
        GradientPass? pass = run.Config.Execution.RecomputeActivations ? GradientPass.Recomputed : null;
        var sum = zeros(Array.Empty<long>(), device: state.Device);
        using var rounding = state.Model.RoundWeightsOnce();
        for (var part = 0; part < _batch.Parts; part++)
        {
            using var scope = NewDisposeScope();
            sum.add_(state.Model.AddGradients(_batch.Inputs(part), targetsOf(part), run.Config.ZLoss,
                1.0 / _batch.Parts, pass));
        }
        return sum;
    }

    // Gives the optimizer the gradient on labels that the model itself draws; only curvature estimates ask for it.
    private void ObserveSampledGradient(OptimizerStep step)
    {
        AccumulateGradients(part => state.Model.SampleTargets(_batch.Inputs(part),
            SeedSequence.Derive(run.Config.Seed, $"sampled-labels:{part}", step.Index)));
        state.Optimizer.ObserveSampledGradient(step, run.Config.Batch.TokensPerStep);
        DropGradients();
    }

    private Tensor ClipGradients()
        => Operators.ClipTogether([.. _parameters.Select(parameter => parameter.grad).OfType<Tensor>()],
            run.Config.GradientClip);

    // Null rather than zero: the next backward pass then writes gradients instead of adding to them.
    private void DropGradients()
    {
        foreach (var parameter in _parameters) parameter.grad = null;
    }
}

/// <summary>Why the loop returned.</summary>
/// <param name="Outcome">How it ended.</param>
/// <param name="DivergedAtStep">The step, counted from 1; null unless diverged.</param>
/// <param name="Reason">Why it counts as diverged; null unless diverged.</param>
internal sealed record LoopEnd(RunOutcome Outcome, int? DivergedAtStep = null, string? Reason = null)
{
    public static LoopEnd Done { get; } = new(RunOutcome.Done);

    public static LoopEnd Preempted { get; } = new(RunOutcome.Preempted);

    public static LoopEnd Diverged(int step, string reason) => new(RunOutcome.Diverged, step, reason);
}
