using static TorchSharp.torch;

namespace PretrainBench.Optimizers.Rules;

/// <summary>Settings of <see cref="Signum"/>.</summary>
[Rule("signum", "the sign of the momentum")]
public sealed record SignumOptions : RuleOptions
{
    /// <summary>As tuned by Semenov et al. (arXiv 2509.01440): momentum 0.95, decay 0.1, a third of Adam's learning
    /// rate.</summary>
    public SignumOptions() => (LearningRate, WeightDecay) = (1e-3, 0.1);

    /// <summary>The momentum factor μ: Semenov et al.</summary>
    public double Momentum { get; init; } = 0.95;

    /// <summary>How much of the gradient is held back from the buffer, d: Semenov et al.</summary>
    public double Dampening { get; init; }

    /// <summary>Look ahead along the buffer.</summary>
    public bool Nesterov { get; init; }

    public override Bundling Bundling => Bundling.Elementwise;

    public override UpdateRule Create(RuleContext context) => new Signum(this, context);

    public override IEnumerable<(string Property, string Problem)> Validate()
    {
        foreach (var problem in base.Validate().Concat(CheckBeta(nameof(Momentum), Momentum))) yield return problem;
        if (Dampening is < 0 or >= 1) yield return (nameof(Dampening), "must be at least 0 and less than 1");
    }
}

/// <summary>Signum, sign descent with momentum (Bernstein et al., arXiv 1802.04434):
/// <code>
/// B ← μB + (1−d)g      u = sign(g + μB) (Nesterov) or sign(B)      W ← (1−lr·w)W − lr·u
/// </code>
/// State: one number per parameter. Deviation from the code of Semenov et al., whose buffer starts at the parameter
/// itself: ours starts at 0.
/// </summary>
internal sealed class Signum : UpdateRule
{
    private readonly SignumOptions _options;
    private readonly MomentumBuffer[] _buffers;

    public Signum(SignumOptions options, RuleContext context)
        : base(options, context)
    {
        _options = options;
        _buffers = [.. Slots.Select(slot => new MomentumBuffer(State, slot, firstUndamped: false))];
    }

    protected override void Update(ParameterSlot slot, Tensor gradient, OptimizerStep step)
    {
        Decay(slot, step);
        var direction = _buffers[slot.Index].Apply(gradient, _options.Momentum, _options.Dampening, _options.Nesterov);
        slot.Weight.add_(direction.sign(), -Options.ScheduledLearningRate(step));
    }
}
