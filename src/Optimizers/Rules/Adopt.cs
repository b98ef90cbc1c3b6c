using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="Adopt"/>.</summary>
[Rule("adopt", "Adam with the second moment of the previous step and normalisation before momentum")]
public sealed record AdoptOptions : RuleOptions
{
    /// <summary>Taniguchi et al.'s moments, AdamW's learning rate and decay.</summary>
    public AdoptOptions() => (LearningRate, WeightDecay) = (3e-3, 0.1);

    /// <summary>Decay of the momentum: the paper.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the second moment: the paper.</summary>
    public double Beta2 { get; init; } = 0.9999;

    /// <summary>Keeps the denominator from zero: the paper.</summary>
    public double Epsilon { get; init; } = 1e-6;

    /// <summary>Clip the normalised gradient at t^(1/4), t counted from the first update: the authors' code.</summary>
    public bool Clip { get; init; } = true;

    public override Bundling Bundling => Bundling.Elementwise;

    public override UpdateRule Create(RuleContext context) => new Adopt(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
        => [.. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1), .. CheckBeta(nameof(Beta2), Beta2),
            .. CheckPositive(nameof(Epsilon), Epsilon)];
}

/// <summary>ADOPT (Taniguchi et al., arXiv 2411.02853). The first gradient only sets v = g²; then, t = 1, 2, …
/// <code>
/// W ← (1−lr·w)W      m ← β₁m + (1−β₁) clip(g / max(√v, ε), ±t^¼)      W ← W − lr·m      v ← β₂v + (1−β₂)g²
/// </code>
/// State: two numbers per parameter.</summary>
internal sealed class Adopt : UpdateRule
{
    private readonly AdoptOptions _options;
    private readonly (Tensor First, Tensor Second, StateScalar Step)[] _state;

    public Adopt(AdoptOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _state = [
            .. Slots.Select(slot =>
                (State.Zeros(slot, "first_moment"), State.Zeros(slot, "second_moment"), State.Scalar(slot, "step")))];
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var (first, second, count) = _state[slot.Index];
        if (count.Value++ == 0)
        {
            // An L2 decay joins the gradient from the first update on, not in the initial v.
            var raw = slot.Gradient()!;
            second.addcmul_(raw, raw, 1);
            return;
        }
        Decay(slot, step);
        var normalised = gradient.div(second.sqrt().clamp_(min: _options.Epsilon));
        if (_options.Clip && Math.Pow(count.Value - 1, 0.25) is var bound) normalised.clamp_(-bound, bound);
        first.mul_(_options.Beta1).add_(normalised, 1 - _options.Beta1);
        slot.Weight.add_(first, -Options.ScheduledLearningRate(step));
        second.mul_(_options.Beta2).addcmul_(gradient, gradient, 1 - _options.Beta2);
    }
}
