using PretrainBench.Core;
using PretrainBench.Torch;
using TorchSharp;
using static TorchSharp.torch;

namespace PretrainBench.Optimizers;

/// <summary>One update rule on one group of parameters. A rule overrides
/// <see cref="Update(ParameterSlot, Tensor, OptimizerStep)"/>, or <see cref="Update(OptimizerStep)"/> when parameters
/// depend on each other; everything that it keeps is in <see cref="State"/>.</summary>
public abstract class UpdateRule : IDisposable
{
    private readonly List<ParameterSlot> _slots;

    /// <summary>Prepares the parameters.</summary>
    /// <param name="context">The parameters and the seed.</param>
    protected UpdateRule(RuleOptions options, RuleContext context)
    {
        Options = options;
        Parameters = context.Parameters;
        Seed = context.Seed;
        _slots = [.. Bundles.Of(Parameters, options)
            .Select((bundle, index) => new ParameterSlot(index, bundle.Members, bundle.Bundling, State))];
    }

    public RuleOptions Options { get; }

    public IReadOnlyList<ModelParameter<Tensor>> Parameters { get; }

    /// <summary>The named state: saved, restored and counted without the rule's help.</summary>
    public RuleState State { get; } = new();

    /// <summary>Bytes of state, master copies included.</summary>
    public long StateBytes => State.Bytes;

    /// <summary>Events worth reporting, by name, counted since the start of the run (eigendecomposition failures, for
    /// example).</summary>
    public virtual IReadOnlyDictionary<string, long> Counters => new Dictionary<string, long>();

    /// <summary>Floating-point operations of one step beyond a few per parameter, averaged over the steps: those of
    /// matrix products and decompositions, which the battery compares with what libtorch does.</summary>
    public virtual double FlopsPerStep => 0;

    /// <summary>Whether <see cref="Update(ParameterSlot, Tensor, OptimizerStep)"/> touches nothing that belongs to
    /// another parameter, so that the cores can share the parameters among them.</summary>
    protected virtual bool ParametersAreIndependent => false;

    protected ulong Seed { get; }

    /// <summary>Where the parameters are.</summary>
    protected Device Device => _slots.Count > 0 ? _slots[0].Weight.device : CPU;

    /// <summary>The parameters as the rule works on them: one by one, or several together.</summary>
    protected IReadOnlyList<ParameterSlot> Slots => _slots;

    /// <summary>Takes a step from the gradients in the parameters' <c>grad</c>; parameters without one are left alone
    /// and do not advance.</summary>
    /// <param name="step">The step's number and schedule factor.</param>
    public void Step(OptimizerStep step)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Placed(null, step, () =>
        {
            if (Options.WeightDecayKind == WeightDecayKind.Cautious && Options.WeightDecay != 0)
                CautiousDecay.After(
                    () => Update(step), _slots, Options.ScheduledLearningRate(step) * Options.WeightDecay);
            else
                Update(step);
        });
    }

    /// <summary>Whether the rule needs, before this step, gradients of a loss on labels sampled from the model
    /// (Sophia-G).</summary>
    public virtual bool WantsSampledGradient(OptimizerStep step) => false;

    /// <summary>Called when gradients of the mean loss on sampled labels are in the parameters' <c>grad</c>, before the
    /// ordinary ones.</summary>
    /// <param name="tokenCount">How many tokens the mean is over.</param>
    public void ObserveSampledGradient(OptimizerStep step, long tokenCount)
    {
        using var noGradient = no_grad();
        using var scope = NewDisposeScope();
        Placed(null, step, () => Observe(step, tokenCount));
    }

    /// <summary>Moves the parameters to where the model is to be evaluated (Schedule-Free); training must not go on
    /// before <see cref="LeaveEvaluation"/>.</summary>
    public virtual void EnterEvaluation()
    {
    }

    /// <summary>Moves the parameters back to where gradients are taken, to the last bit.</summary>
    public virtual void LeaveEvaluation()
    {
    }

    /// <summary>Overwrites the parameters with the initial values that belong to the rule, if it has its own and is
    /// configured to (Scion). Called once, before the first step of a run; never when resuming.</summary>
    public virtual void Initialise()
    {
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Updates all parameters that have a gradient, each within its own dispose scope.</summary>
    protected virtual void Update(OptimizerStep step)
    {
        var updated = new bool[_slots.Count];
        if (ParametersAreIndependent && Device.type == DeviceType.CPU)
            SideBySide.ForEach(_slots.Count, slot => updated[slot] = TryUpdate(_slots[slot], step));
        else _slots.ForEach(slot => updated[slot.Index] = TryUpdate(slot, step));
        foreach (var slot in _slots.Where(slot => updated[slot.Index])) slot.Commit();
    }

    private bool TryUpdate(ParameterSlot slot, OptimizerStep step)
    {
        if (slot.ElementCount == 0) return false;
        using var scope = NewDisposeScope();
        if (slot.Gradient() is not { } gradient) return false;
        if (Options.WeightDecayKind == WeightDecayKind.Gradient && Options.WeightDecay != 0)
            gradient = gradient.add(slot.Weight, Options.WeightDecay);
        Placed(slot, step, () => Update(slot, gradient, step));
        return true;
    }

    private void Placed(ParameterSlot? slot, OptimizerStep step, Action work)
    {
        try
        {
            work();
        }
        catch (Exception e) when (RuleFailure.IsBare(e))
        {
            throw RuleFailure.At(this, slot, step, e);
        }
    }

    /// <summary>Updates one parameter; runs without gradient recording, in a dispose scope.</summary>
    /// <param name="slot">The parameter; its weights are changed in place.</param>
    /// <param name="gradient">The gradient in the state's type, with the decay of
    /// <see cref="WeightDecayKind.Gradient"/> added; not to be changed.</param>
    protected abstract void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step);

    /// <summary>Takes in gradients on sampled labels; see <see cref="ObserveSampledGradient"/>.</summary>
    /// <param name="tokenCount">How many tokens the mean is over.</param>
    protected virtual void Observe(OptimizerStep step, long tokenCount)
    {
    }

    /// <summary>Shrinks the weights by the decoupled weight decay of this step.</summary>
    protected void Decay(ParameterSlot slot, OptimizerStep step)
    {
        if (Options.Shrinkage(step) is var shrinkage && shrinkage != 0) slot.Weight.mul_(1 - shrinkage);
    }

    /// <summary>Frees state and views.</summary>
    /// <param name="disposing">Whether called from <see cref="Dispose()"/>.</param>
    protected virtual void Dispose(bool disposing)
    {
        if (!disposing) return;
        foreach (var slot in _slots) slot.Dispose();
        State.Dispose();
    }
}

/// <summary>What a rule is told about the step that it takes.</summary>
/// <param name="Index">Counted from 0 over the whole run.</param>
/// <param name="ScheduleFactor">The scheduled learning rate as a fraction of the peak, from
/// <see cref="ScheduleConfig"/>.</param>
public readonly record struct OptimizerStep(long Index, double ScheduleFactor);
