using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="ScheduleFreeAdamW"/>.</summary>
[Rule("schedule-free-adamw", "AdamW on an average of iterates instead of a schedule")]
public sealed record ScheduleFreeAdamWOptions : RuleOptions
{
    /// <summary>Defazio et al.: larger learning rates than AdamW's; use the run's constant schedule, with warm-up there
    /// or here.</summary>
    public ScheduleFreeAdamWOptions() => (LearningRate, WeightDecay) = (5e-3, 0.1);

    /// <summary>How far gradients are taken from the last iterate towards the average, β₁: the paper.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment: AdamW's.</summary>
    public double Beta2 { get; init; } = 0.95;

    /// <summary>Keeps the denominator from zero: the authors' code.</summary>
    public double Epsilon { get; init; } = 1e-8;

    /// <summary>Steps over which the learning rate grows linearly from 0, on top of the run's schedule.</summary>
    public long WarmupSteps { get; init; }

    /// <summary>r: iterate t enters the average with weight tʳ; the authors' code.</summary>
    public double WeightPower { get; init; }

    /// <summary>p: an iterate's weight is also multiplied by the largest learning rate so far to this power; the
    /// authors' code.</summary>
    public double LearningRateWeightPower { get; init; } = 2;

    public override Bundling Bundling => Bundling.Elementwise;

    public override UpdateRule Create(RuleContext context) => new ScheduleFreeAdamW(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        IEnumerable<(string Property, string Problem)> problems =
            [.. base.Validate(), .. CheckNotCautious(), .. CheckBeta(nameof(Beta1), Beta1),
                .. CheckBeta(nameof(Beta2), Beta2), .. CheckPositive(nameof(Epsilon), Epsilon)];
        foreach (var problem in problems) yield return problem;
        if (Beta1 == 0)
            yield return (nameof(Beta1), "must be greater than 0: the average is recovered by dividing by it");
        if (WarmupSteps < 0) yield return (nameof(WarmupSteps), "must not be negative");
    }
}

/// <summary>
/// Schedule-Free AdamW (Defazio et al., arXiv 2405.15682). The model holds y; z is the plain iterate, x the average:
/// <code>
/// v ← β₂v + (1−β₂)g²      u = g/(√(v/(1−β₂ᵗ)) + ε) + w·y      c = weight_t / Σ weight      weight_t = tʳ lr_maxᵖ
/// y ← (1−c)y + c·z + lr(β₁(1−c) − 1)u      z ← z − lr·u      x = y + (1 − 1/β₁)(z − y)
/// </code>
/// Evaluation happens at x (<see cref="EnterEvaluation"/>). State: two numbers per parameter.</summary>
internal sealed class ScheduleFreeAdamW : UpdateRule
{
    private readonly ScheduleFreeAdamWOptions _options;
    private readonly (Tensor Iterate, Tensor Second)[] _state;
    private readonly StateScalar _step;
    private readonly StateScalar _largestRate;
    private readonly StateScalar _weightSum;
    private readonly List<Tensor> _trainingPoint = [];
    private double _share;
    private double _learningRate;

    /// <summary>Builds the rule.</summary>
    /// <param name="context">The parameters, at their initial values.</param>
    public ScheduleFreeAdamW(ScheduleFreeAdamWOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        using var noGradient = no_grad();
        _state = [
            .. Slots.Select(
                slot => (State.Add(slot, "iterate", slot.Weight.clone()), State.Zeros(slot, "second_moment")))];
        _step = State.Scalar("step");
        _largestRate = State.Scalar("largest_learning_rate");
        _weightSum = State.Scalar("weight_sum");
    }

    public override void EnterEvaluation()
    {
        if (_trainingPoint.Count > 0) return;
        using var noGradient = no_grad();
        foreach (var slot in Slots)
        {
            _trainingPoint.Add(slot.Weight.clone().DetachFromDisposeScope());
            using var away = _state[slot.Index].Iterate.sub(slot.Weight);
            slot.Weight.add_(away, 1 - 1 / _options.Beta1);
            slot.Commit();
        }
    }

    public override void LeaveEvaluation()
    {
        using var noGradient = no_grad();
        foreach (var (slot, point) in Slots.Zip(_trainingPoint))
        {
            slot.Weight.copy_(point);
            slot.Commit();
            point.Dispose();
        }
        _trainingPoint.Clear();
    }

    protected override void Update(OptimizerStep step)
    {
        if (_trainingPoint.Count > 0) throw new InvalidOperationException("Leave evaluation before taking a step.");
        var count = ++_step.Value;
        _learningRate =
            Options.ScheduledLearningRate(step) * (count <= _options.WarmupSteps ? count / _options.WarmupSteps : 1);
        _largestRate.Value = Math.Max(_learningRate, _largestRate.Value);
        var weight =
            Math.Pow(count, _options.WeightPower) * Math.Pow(_largestRate.Value, _options.LearningRateWeightPower);
        _weightSum.Value += weight;
        _share = _weightSum.Value == 0 ? 0 : weight / _weightSum.Value;
        base.Update(step);
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var (iterate, second) = _state[slot.Index];
        second.mul_(_options.Beta2).addcmul_(gradient, gradient, 1 - _options.Beta2);
        var correction = 1 - Math.Pow(_options.Beta2, _step.Value);
        var direction = gradient.div(second.div(correction).sqrt_().add_(_options.Epsilon));
        // The decay is taken at y and steps with the direction, so that x and z see it too.
        if (_options.WeightDecayKind != WeightDecayKind.Gradient && _learningRate > 0)
            direction.add_(slot.Weight, Options.Shrinkage(step) / Options.ScheduledLearningRate(step));
        slot.Weight.mul_(1 - _share).add_(iterate, _share).add_(direction,
            _learningRate * (_options.Beta1 * (1 - _share) - 1));
        iterate.add_(direction, -_learningRate);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _trainingPoint.ForEach(point => point.Dispose());
        base.Dispose(disposing);
    }
}
