using PretrainBench.Data;
using PretrainBench.Optimizers;
using PretrainBench.Torch;
using PretrainBench.Training.Configuration;

namespace PretrainBench.Training.Loop;

/// <summary>The training loop: batch, loss, gradient, clip, step, repeat. It knows no optimizer by name, and what it
/// does at a step depends on the state and the step alone, so that a run taken up again goes on as if nothing had
/// happened.</summary>
internal sealed class TrainingLoop(ResolvedRun run, TrainingState state, BatchReader batches, Evaluation evaluation,
    RunRecorder recorder)
{
    private readonly BatchConfig _batch = run.Config.Batch;
    private readonly Tensor[] _parameters = [.. state.Model.Parameters.Select(parameter => parameter.Value)];

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
                recorder.Checkpoint(state);
                return LoopEnd.Preempted;
            }
            pause.Renew();
            var outcome = state.Clock.Step(TakeStep);
            if (state.Divergence.Observe(state.Step, outcome.Loss, outcome.GradientNorm) is { } reason)
                return LoopEnd.Diverged(state.Step + 1, reason);
            state.Step++;
            recorder.AfterStep(state, outcome);
            if (run.Config.Evaluation.IsDue(state.Step, run.Steps))
                recorder.AfterEvaluation(state,
                    evaluation.Measure(state.Model, state.Optimizer, run.Config.Evaluation.Sequences), final: false);
            recorder.CheckpointIfDue(state);
        }
        return LoopEnd.Done;
    }

    private StepOutcome TakeStep()
    {
        using var scope = NewDisposeScope();
        var step = new OptimizerStep(state.Step, run.Config.Schedule.Factor(state.Step, run.Steps));
        using var batch = new TokenBatch(_batch, run.Config.Execution.MicroBatchSequences, state.Device);
        batch.Fill(batches, state.Step);
        if (state.Optimizer.WantsSampledGradient(step)) ObserveSampledGradient(step, batch);
        var loss = AccumulateGradients(batch, batch.Targets);
        var gradientNorm = ClipGradients();
        state.Clock.Optimizer(state.Device, () => state.Optimizer.Step(step));
        DropGradients();
        return new StepOutcome(loss.ToDouble(), gradientNorm.ToDouble(), step.ScheduleFactor);
    }

    // Mean loss over the batch; its gradient is left in the parameters.
    private Tensor AccumulateGradients(TokenBatch batch, Func<int, Tensor> targetsOf)
    {
        var sum = zeros(Array.Empty<long>(), device: state.Device);
        for (var part = 0; part < batch.Parts; part++)
        {
            using var scope = NewDisposeScope();
            var loss = state.Model.Loss(batch.Inputs(part), targetsOf(part), run.Config.ZLoss) / batch.Parts;
            loss.backward();
            sum.add_(loss.detach());
        }
        return sum;
    }

    // Gives the optimizer the gradient on labels that the model itself draws; only curvature estimates ask for it.
    private void ObserveSampledGradient(OptimizerStep step, TokenBatch batch)
    {
        AccumulateGradients(batch, part => state.Model.SampleTargets(batch.Inputs(part),
            SeedSequence.Derive(run.Config.Seed, $"sampled-labels:{part}", step.Index)));
        state.Optimizer.ObserveSampledGradient(step, _batch.TokensPerStep);
        DropGradients();
    }

    private Tensor ClipGradients()
    {
        var gradients = _parameters.Select(parameter => parameter.grad).OfType<Tensor>().ToList();
        return GradientClipping.Apply(gradients, run.Config.GradientClip);
    }

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

/// <summary>What an optimizer step saw.</summary>
/// <param name="Loss">Mean loss over the batch before the update, in nats per token.</param>
/// <param name="GradientNorm">Global norm of the gradient before clipping.</param>
/// <param name="ScheduleFactor">The scheduled learning rate as a fraction of the peak.</param>
internal readonly record struct StepOutcome(double Loss, double GradientNorm, double ScheduleFactor);
