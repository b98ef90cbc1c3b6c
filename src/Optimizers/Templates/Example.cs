using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="Example"/>.</summary>
[Rule("example", "the sign of the momentum")]
public sealed record ExampleOptions : RuleOptions
{
    /// <summary>A third of AdamW's rate, since every entry moves by it; AdamW's decay.</summary>
    public ExampleOptions() => (LearningRate, WeightDecay) = (1e-3, 0.1);

    /// <summary>Decay of the momentum, μ: Semenov et al., arXiv 2509.01440.</summary>
    public double Momentum { get; init; } = 0.95;

    public override UpdateRule Create(RuleContext context) => new Example(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
        => [.. base.Validate(), .. CheckBeta(nameof(Momentum), Momentum)];
}

/// <summary>B ← μB + (1−μ)g, then W ← (1−lr·w)W − lr·sign(B). State: one number per parameter.</summary>
internal sealed class Example : UpdateRule
{
    private readonly ExampleOptions _options;
    private readonly Tensor[] _momenta;

    public Example(ExampleOptions options, RuleContext context)
        : base(options, context)
        => (_options, _momenta) = (options, [.. Slots.Select(slot => State.Zeros(slot, "momentum"))]);

    /// <remarks>No matrices are multiplied; each product m × k by k × n would be 2mkn.</remarks>
    public override double FlopsPerStep => 0;

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        var momentum = _momenta[slot.Index].mul_(_options.Momentum).add_(gradient, 1 - _options.Momentum);
        Decay(slot, step);
        slot.Weight.add_(momentum.sign(), -Options.ScheduledLearningRate(step));
    }
}
