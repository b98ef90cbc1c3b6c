using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="Lion"/>.</summary>
[Rule("lion", "the sign of an interpolated momentum")]
public sealed record LionOptions : RuleOptions
{
    /// <summary>Chen et al.: learning rate 3 to 10 times below Adam's, decay as much above it.</summary>
    public LionOptions() => (LearningRate, WeightDecay) = (6e-4, 0.5);

    /// <summary>Weight of the momentum in the direction, β₁: the paper.</summary>
    public double Beta1 { get; init; } = 0.9;

    /// <summary>Decay of the momentum, β₂: the paper.</summary>
    public double Beta2 { get; init; } = 0.99;

    /// <summary>Apply only the components on which direction and gradient agree (Liang et al., arXiv
    /// 2411.16085).</summary>
    public bool Cautious { get; init; }

    public override Bundling Bundling => Cautious ? Bundling.None : Bundling.Elementwise;

    public override UpdateRule Create(RuleContext context) => new Lion(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
        => [.. base.Validate(), .. CheckBeta(nameof(Beta1), Beta1), .. CheckBeta(nameof(Beta2), Beta2)];
}

/// <summary>Lion (Chen et al., arXiv 2302.06675):
/// <code>
/// u = sign(β₁B + (1−β₁)g)      W ← (1−lr·w)W − lr·u      B ← β₂B + (1−β₂)g
/// </code>
/// State: one number per parameter.</summary>
internal sealed class Lion : UpdateRule
{
    private readonly LionOptions _options;
    private readonly Tensor[] _momenta;

    public Lion(LionOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _momenta = [.. Slots.Select(slot => State.Zeros(slot, "momentum"))];
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var momentum = _momenta[slot.Index];
        Decay(slot, step);
        var direction = momentum.mul(_options.Beta1).add_(gradient, 1 - _options.Beta1).sign_();
        if (_options.Cautious) direction = direction.mul_(CautiousMask.Of(direction, gradient));
        slot.Weight.add_(direction, -Options.ScheduledLearningRate(step));
        momentum.mul_(_options.Beta2).add_(gradient, 1 - _options.Beta2);
    }
}
